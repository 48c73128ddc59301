export * from './core/envelope.ts';
export * from './core/errors.ts';
export * from './core/event-catalogue.ts';
export * from './core/event-filter.ts';
export * from './core/quiet-actions.ts';
export * from './core/retry-schedule.ts';
export * from './core/verdict.ts';
