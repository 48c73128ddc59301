export * from './core/port-in-machine.ts';
