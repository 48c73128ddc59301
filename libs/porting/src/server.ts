export * from './server/porting.module.ts';
