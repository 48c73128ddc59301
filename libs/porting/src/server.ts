export { ErasePortDocuments } from './server/erase-port-documents.ts';
export * from './server/port-papers-config.ts';
export { PortPapersJobsModule, PortPapersModule } from './server/port-papers.module.ts';
export * from './server/port-queries.ts';
export * from './server/porting.graphql.ts';
export * from './server/porting.module.ts';
export { SendPort } from './server/send-port.ts';
export * from './server/sweep-ports.ts';
