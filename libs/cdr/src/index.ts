export * from './core/cdr-id.ts';
export * from './core/explain-rating.ts';
export * from './core/rate-cdr.ts';
export * from './core/sort-lines.ts';
export * from './core/sum-usage.ts';
export * from './core/tariff.ts';
