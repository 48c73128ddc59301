export * from './core/emergency-address.ts';
export * from './core/emergency-registration.ts';
export * from './core/errors.ts';
