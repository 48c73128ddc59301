export { demandBundle, missingPapers } from './server/demand-papers.ts';
export * from './server/regulatory.module.ts';
export { ReviewBundle } from './server/review-bundle.ts';
