export * from './server/assign-plan.ts';
export * from './server/create-deck.ts';
export * from './server/create-plan.ts';
export * from './server/plan-of.ts';
export * from './server/publish-deck-version.ts';
export * from './server/rating.graphql.ts';
export * from './server/rating.module.ts';
export * from './server/recurring.sql.ts';
