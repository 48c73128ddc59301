import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { z } from 'zod';
import { ClamdScan } from './clamd-scan.ts';
import { DocumentStore, FolderStore } from './document-store.ts';
import { DocumentVault } from './document-vault.ts';
import { S3Store } from './s3-store.ts';
import { EmulatedScan, VirusScan } from './virus-scan.ts';

/** Settings of documents in the environment of whatever process has them. */
export const documentsEnv = {
  DOCUMENTS_DIR: z
    .string()
    .min(1)
    .default('.data/documents')
    .describe('Where tenants’ documents are kept, sealed; all API and worker processes share it'),
  DOCUMENTS_S3_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Documents are kept in this S3 bucket instead, e.g. https://s3.example.com/documents'),
  DOCUMENTS_S3_REGION: z.string().min(1).optional().describe('us-east-1 unless told'),
  DOCUMENTS_S3_KEY_ID: z.string().min(1).optional(),
  DOCUMENTS_S3_SECRET: z.string().min(1).optional(),
  CLAMD_ADDRESS: z
    .string()
    .regex(/^(\/.+|[^\s:]+:\d{1,5}|\[[\da-fA-F:]+\]:\d{1,5})$/)
    .optional()
    .describe('clamd, as host:port or the path of its socket; without it nothing but the EICAR test file is found'),
};
export type DocumentsEnv = {
  readonly DOCUMENTS_DIR: string;
  readonly DOCUMENTS_S3_URL?: string | undefined;
  readonly DOCUMENTS_S3_REGION?: string | undefined;
  readonly DOCUMENTS_S3_KEY_ID?: string | undefined;
  readonly DOCUMENTS_S3_SECRET?: string | undefined;
  readonly CLAMD_ADDRESS?: string | undefined;
};

const storeOf = (env: DocumentsEnv): DocumentStore => {
  if (env.DOCUMENTS_S3_URL === undefined) return new FolderStore(env.DOCUMENTS_DIR);
  const { DOCUMENTS_S3_URL: url, DOCUMENTS_S3_REGION: region = 'us-east-1', DOCUMENTS_S3_KEY_ID: keyId, DOCUMENTS_S3_SECRET: secret } = env;
  if (keyId === undefined || secret === undefined)
    throw new Error('DOCUMENTS_S3_KEY_ID and DOCUMENTS_S3_SECRET belong to DOCUMENTS_S3_URL');
  return new S3Store({ url, region, keyId, secret });
};
const scanOf = ({ CLAMD_ADDRESS }: DocumentsEnv): VirusScan =>
  CLAMD_ADDRESS === undefined ? new EmulatedScan() : new ClamdScan(CLAMD_ADDRESS);

/** Where people's documents are, and what looks through them first. */
@Global()
@Module({})
export class DocumentsModule {
  static of(env: DocumentsEnv): DynamicModule {
    return {
      module: DocumentsModule,
      providers: [{ provide: DocumentStore, useValue: storeOf(env) }, { provide: VirusScan, useValue: scanOf(env) }, DocumentVault],
      exports: [DocumentVault],
    };
  }
}
