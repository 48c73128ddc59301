export * from './core/address-claims.ts';
export * from './core/bandwidth.ts';
export * from './core/connection-sheet/connection-sheet.ts';
export * from './core/connection-sheet/sheet.ts';
export * from './core/digest.ts';
export * from './core/errors.ts';
export * from './core/trunk.ts';
