export * from './server/cdr-intake.module.ts';
export * from './server/store-cdrs.ts';
