import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CallExportQueries } from './call-export-queries.ts';
import { CallExportsController } from './call-exports.http.ts';
import { CallExportProcessor } from './call-exports.jobs.ts';
import { CallQueries } from './call-queries.ts';
import { CallSettingsController } from './call-settings.http.ts';
import { CallsController } from './calls.http.ts';
import { CdrIssueQueries } from './cdr-issue-queries.ts';
import { CdrIssuesController } from './cdr-issues.http.ts';
import { ChangeCallSettings } from './change-call-settings.ts';
import { CreateCallExport } from './create-call-export.ts';
import { DeckCache } from './deck-cache.ts';
import { CALLS_KEPT_MONTHS, EnforceRetention } from './enforce-retention.ts';
import { RateUnrated } from './rate-unrated.ts';
import { RateUnratedProcessor } from './rate-unrated.jobs.ts';
import { ReplaceStoredCall } from './replace-stored-call.ts';
import { RetentionProcessor } from './retention.jobs.ts';
import { RetryCdrIssue } from './retry-cdr-issue.ts';
import { RunCallExport } from './run-call-export.ts';
import { SettleCdrIssue } from './settle-cdr-issue.ts';
import { UnratedCallQueries } from './unrated-call-queries.ts';
import { UnratedCallsController } from './unrated-calls.http.ts';
import { WaiveUnratedCall } from './waive-unrated-call.ts';

/** `keptMonths`: whole months of calls kept beside the running one, for tenants that do not say. */
export type CdrConfig = { readonly keptMonths: number };
const settings = ({ keptMonths }: CdrConfig) => ({ provide: CALLS_KEPT_MONTHS, useValue: keptMonths });

/** Calls as the API shows them. What takes them in is CdrIntakeModule. */
@Module({})
export class CdrModule {
  static of(config: CdrConfig): DynamicModule {
    return {
      module: CdrModule,
      controllers: [CallsController, CallExportsController, CallSettingsController, CdrIssuesController, UnratedCallsController],
      providers: [
        settings(config),
        CallExportQueries,
        CallQueries,
        CdrIssueQueries,
        ChangeCallSettings,
        CreateCallExport,
        DeckCache,
        EnforceRetention,
        RateUnrated,
        ReplaceStoredCall,
        RetryCdrIssue,
        SettleCdrIssue,
        UnratedCallQueries,
        WaiveUnratedCall,
      ],
      exports: [
        CALLS_KEPT_MONTHS,
        CallExportQueries,
        CallQueries,
        CdrIssueQueries,
        ChangeCallSettings,
        CreateCallExport,
        EnforceRetention,
        UnratedCallQueries,
      ],
    };
  }
}

/** What happens to calls without a request: exports are made, prices that came late applied, old calls masked and deleted. */
@Module({})
export class CdrJobsModule {
  static of(config: CdrConfig): DynamicModule {
    const useCases = [CallQueries, DeckCache, EnforceRetention, RateUnrated, RunCallExport];
    return {
      module: CdrJobsModule,
      providers: [settings(config), CallExportProcessor, RateUnratedProcessor, RetentionProcessor, ...useCases],
      exports: useCases,
    };
  }
}
