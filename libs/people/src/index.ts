export * from './core/errors.ts';
export * from './core/roles.ts';
