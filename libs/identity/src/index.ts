export * from './core/caller-name.ts';
export * from './core/errors.ts';
export * from './core/verified-number.ts';
