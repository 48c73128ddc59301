import { Module } from '@nestjs/common';
import { ChangeKycFile } from './change-kyc-file.ts';
import { KycDocuments } from './kyc-documents.ts';
import { KycPolicies } from './kyc-policy.ts';
import { KycQueries } from './kyc-queries.ts';
import { KycReviewsController } from './kyc-reviews.http.ts';
import { KycFileController } from './kyc.http.ts';
import { KycExpiryProcessor } from './kyc.jobs.ts';
import { ReviewKycFile } from './review-kyc-file.ts';

/** Who tenants are: their files and the operator's answers, for the API. */
@Module({
  controllers: [KycFileController, KycReviewsController],
  providers: [ChangeKycFile, KycDocuments, KycPolicies, KycQueries, ReviewKycFile],
})
export class KycModule {}

/** What time does to approvals, for the worker. */
@Module({ providers: [KycExpiryProcessor, ReviewKycFile] })
export class KycJobsModule {}
