import { Inject, Injectable } from '@nestjs/common';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import { GRAPH, addFilteredList, addItem, objectOf, operatorReads } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { callToWire } from './calls.schema.ts';
import { CdrGraphql } from './cdr.graphql.ts';
import { CdrIssueQueries } from './cdr-issue-queries.ts';
import { issueFilter, issueOut, issueToWire } from './cdr-issues.http.ts';
import { UnratedCallQueries } from './unrated-call-queries.ts';
import { unratedOut, unratedQuery } from './unrated-calls.http.ts';

/** Lines that are no calls yet, and calls that have no price yet; for operators. */
@Injectable()
export class CdrIssuesGraphql {
  constructor(@Inject(GRAPH) graph: Graph, calls: CdrGraphql, issues: CdrIssueQueries, unrated: UnratedCallQueries) {
    const type = objectOf(graph, issueOut, {
      loadOne: async (id, reach) => issueToWire(await issues.byId(reach.operator('operator:read'), id)),
    });
    addFilteredList(graph, 'cdrIssues', operatorReads, {
      type,
      description: 'Call record lines that could not be stored, the newest first',
      query: issueFilter,
      list: (ctx, query) => issues.list(ctx, camelKeys(query)),
      toNode: issueToWire,
    });
    addItem(graph, 'cdrIssue', operatorReads, {
      type,
      description: 'A line that could not be stored',
      kind: 'cdrIssue',
      find: async (ctx, id) => issueToWire(await issues.byId(ctx, id)),
    });
    addFilteredList(graph, 'unratedCalls', operatorReads, {
      type: objectOf(graph, unratedOut, { types: calls.enums }),
      description: 'The calls of all tenants that wait for a rate, the newest first',
      query: unratedQuery,
      list: (ctx, query) => unrated.list(ctx, camelKeys(query)),
      toNode: (call) => ({ ...callToWire(call), tenant_id: toPublicId('tenant', call.tenantId) }),
    });
  }
}
