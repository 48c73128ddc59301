export * from './server/edge.module.ts';
