export * from './server/create-credential.ts';
export * from './server/create-trunk.ts';
export * from './server/credentials.jobs.ts';
export * from './server/provisioning.ts';
export * from './server/sip-password.ts';
export * from './server/trunk-queries.ts';
export * from './server/trunks.module.ts';
export * from './server/trunks.sql.ts';
