export * from './core/errors.ts';
export * from './core/gateway.ts';
export * from './core/source-address.ts';
export * from './core/target-health.ts';
export * from './core/port-emulator.ts';
export * from './core/porting-carrier.ts';
export * from './core/port-out-carrier.ts';
export * from './core/port-out-emulator.ts';
