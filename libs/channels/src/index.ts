export * from './core/channel-group.ts';
export * from './core/channel-pool.ts';
export * from './core/errors.ts';
