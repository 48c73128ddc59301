export * from './core/allotment.ts';
export * from './core/api-key.ts';
export * from './core/errors.ts';
export * from './core/hold.ts';
export * from './core/kyc-file.ts';
export * from './core/kyc-state.ts';
export * from './core/key-limits.ts';
