export * from './core/deck-csv.ts';
export * from './core/deck.ts';
export * from './core/effective-date.ts';
export * from './core/errors.ts';
export * from './core/plan.ts';
export * from './core/prefix-trie.ts';
export * from './core/rate-call.ts';
export * from './core/recurring.ts';
