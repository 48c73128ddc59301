export * from './core/bundle.ts';
export * from './core/errors.ts';
export * from './core/evaluate.ts';
export * from './core/guard.ts';
export * from './core/rule.ts';
export * from './core/rules.ts';
