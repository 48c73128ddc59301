export * from './core/address-claims.ts';
export * from './core/digest.ts';
export * from './core/errors.ts';
export * from './core/trunk.ts';
