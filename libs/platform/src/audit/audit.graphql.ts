import { Inject, Injectable } from '@nestjs/common';
import { operatorReads, scoped } from '../graphql/access-of.ts';
import { GRAPH } from '../graphql/graph.ts';
import type { Graph } from '../graphql/graph.ts';
import { objectOf } from '../graphql/object-of.ts';
import { addFilteredList } from '../graphql/reads.ts';
import { AuditQueries } from './audit-queries.ts';
import { auditEntryOut, auditEntryToWire, auditFilter, auditSearchOf } from './audit.http.ts';

/** What was changed, by whom. */
@Injectable()
export class AuditGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: AuditQueries) {
    const list = {
      type: objectOf(graph, auditEntryOut, { large: ['sequence'] }),
      query: auditFilter,
      toNode: auditEntryToWire,
    };
    addFilteredList(graph, 'auditEntries', scoped('audit:read'), {
      ...list,
      description: 'What was changed by or for the tenant, the newest first',
      list: (ctx, query) => queries.list(ctx, auditSearchOf(query)),
    });
    addFilteredList(graph, 'platformAuditEntries', operatorReads, {
      ...list,
      description: 'What was changed across tenants, the newest first',
      list: (ctx, query) => queries.list(ctx, auditSearchOf(query)),
    });
  }
}
