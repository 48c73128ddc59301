import { Module } from '@nestjs/common';
import { CallQueries } from './call-queries.ts';
import { CallsController } from './calls.http.ts';
import { CdrIssueQueries } from './cdr-issue-queries.ts';
import { CdrIssuesController } from './cdr-issues.http.ts';
import { DeckCache } from './deck-cache.ts';
import { RateUnrated } from './rate-unrated.ts';

/** Calls as the API shows them. What takes them in is CdrIntakeModule. */
@Module({ controllers: [CallsController, CdrIssuesController], providers: [CallQueries, CdrIssueQueries, DeckCache, RateUnrated] })
export class CdrModule {}
