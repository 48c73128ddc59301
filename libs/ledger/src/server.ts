export * from './server/post.ts';
