export * from './server/edge-worker.module.ts';
export * from './server/edge.graphql.ts';
export * from './server/edge.module.ts';
export * from './server/compile-edges.ts';
export * from './server/enrol-edge.ts';
export * from './server/gateway/cdr-sink.ts';
export * from './server/gateway/edge-gateway.ts';
export * from './server/sweep-edges.ts';
