import { Inject, Injectable } from '@nestjs/common';
import { operatorReads, scoped } from '../graphql/access-of.ts';
import { GRAPH } from '../graphql/graph.ts';
import type { Graph } from '../graphql/graph.ts';
import { objectOf } from '../graphql/object-of.ts';
import { addFilteredList } from '../graphql/reads.ts';
import { AuditQueries } from './audit-queries.ts';
import { auditEntryOut, auditEntryToWire, auditFilter, auditSearchOf, platformAuditFilter } from './audit.schema.ts';

/** What was changed, by whom. */
@Injectable()
export class AuditGraphql {
  constructor(@Inject(GRAPH) graph: Graph, queries: AuditQueries) {
    const list = {
      type: objectOf(graph, auditEntryOut, { large: ['sequence'] }),
      toNode: auditEntryToWire,
    };
    addFilteredList(graph, 'auditEntries', scoped('audit:read'), {
      ...list,
      query: auditFilter,
      description: 'What was changed by or for the tenant, the newest first',
      list: (ctx, { limit, cursor, ...query }) => queries.list(ctx, { limit, cursor, ...auditSearchOf(query) }),
    });
    addFilteredList(graph, 'platformAuditEntries', operatorReads, {
      ...list,
      query: platformAuditFilter,
      description: 'What was changed across tenants, the newest first',
      list: (ctx, { limit, cursor, ...query }) => queries.list(ctx, { limit, cursor, ...auditSearchOf(query) }),
    });
  }
}
