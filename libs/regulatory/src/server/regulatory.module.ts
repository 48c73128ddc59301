import { Module } from '@nestjs/common';
import { BundleQueries } from './bundle-queries.ts';
import { ChangeBundle } from './change-bundle.ts';
import { RegulatoryController, RegulatoryReviewsController } from './regulatory.http.ts';
import { RegulatoryExpiryProcessor } from './regulatory.jobs.ts';
import { ReviewBundle } from './review-bundle.ts';

const useCases = [BundleQueries, ChangeBundle, ReviewBundle];

/** Rules and bundles, for the API. */
@Module({ controllers: [RegulatoryController, RegulatoryReviewsController], providers: useCases, exports: useCases })
export class RegulatoryModule {}

/** What time does to approvals, for the worker. */
@Module({ providers: [RegulatoryExpiryProcessor, ReviewBundle] })
export class RegulatoryJobsModule {}
