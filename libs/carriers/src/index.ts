export * from './core/errors.ts';
export * from './core/gateway.ts';
export * from './core/source-address.ts';
