import { Injectable } from '@nestjs/common';
import type { RegistrationReport } from '@trunkline/edge-core';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { RegistrationView } from '@trunkline/trunks/server';
import type { Registration } from '@trunkline/trunks/server';
import { SILENCE } from './homes.sql.ts';
import { edgeContext } from './scope.ts';

type Row = { edge: string; report: RegistrationReport };

// the home edge's alone: what an edge says that was the home before is over
const reports = sql<Row>(
  'registration-reports',
  `SELECT e.name AS edge, r.report FROM tenant t JOIN edge e ON e.id = t.home_edge_id
     CROSS JOIN LATERAL jsonb_array_elements(e.status -> 'registrations') AS r (report)
   WHERE t.id = $1 AND e.last_seen_at > clock_timestamp() - interval '${SILENCE}' AND r.report ->> 'trunk_id' = ANY ($2::text[])`,
);

/** From what the tenant's home edge reported last; one that is silent says nothing any more. */
@Injectable()
export class EdgeRegistrationView extends RegistrationView {
  constructor(private readonly db: Database) {
    super();
  }

  async of(ctx: TenantContext, trunkIds: readonly string[]): Promise<ReadonlyMap<string, Registration>> {
    if (trunkIds.length === 0) return new Map();
    const rows = await this.db.ask(edgeContext, reports, ctx.tenantId, trunkIds);
    return new Map(rows.map(({ edge, report }) => [report.trunk_id, registrationOf(edge, report)]));
  }
}

const registrationOf = (edge: string, { state, sip_code: sipCode, since }: RegistrationReport): Registration => ({
  ...{ state, sipCode, edge },
  since: new Date(since),
});
