export * from './server/plan-of.ts';
export * from './server/recurring.sql.ts';
