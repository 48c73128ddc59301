export * from './server/port-queries.ts';
export * from './server/porting.graphql.ts';
export * from './server/porting.module.ts';
export * from './server/receive-port-event.ts';
export * from './server/settle-ported-number.ts';
export * from './server/sweep-ports.ts';
