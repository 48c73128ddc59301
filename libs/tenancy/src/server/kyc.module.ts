import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ChangeKycFile } from './change-kyc-file.ts';
import { DocumentStore, FolderStore } from './document-store.ts';
import { KycDocuments } from './kyc-documents.ts';
import { KycPolicies } from './kyc-policy.ts';
import { KycQueries } from './kyc-queries.ts';
import { KycReviewsController } from './kyc-reviews.http.ts';
import { KycFileController } from './kyc.http.ts';
import { KycExpiryProcessor } from './kyc.jobs.ts';
import { ReviewKycFile } from './review-kyc-file.ts';

/** Who tenants are: their files and the operator's answers, for the API. */
@Module({})
export class KycModule {
  /** @param documentsDir where sealed documents are kept; several APIs share it */
  static of({ documentsDir }: { readonly documentsDir: string }): DynamicModule {
    const store = { provide: DocumentStore, useValue: new FolderStore(documentsDir) };
    return {
      module: KycModule,
      controllers: [KycFileController, KycReviewsController],
      providers: [ChangeKycFile, KycDocuments, KycPolicies, KycQueries, ReviewKycFile, store],
    };
  }
}

/** What time does to approvals, for the worker. */
@Module({ providers: [KycExpiryProcessor, ReviewKycFile] })
export class KycJobsModule {}
