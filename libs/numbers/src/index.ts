export * from './core/errors.ts';
export * from './core/inbound-group.ts';
export * from './core/inbound-schedule.ts';
export * from './core/lifecycle.ts';
export * from './core/number.ts';
export * from './core/number-row.ts';
export * from './core/number-sheet.ts';
export * from './core/quarantine.ts';
