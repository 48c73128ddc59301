import { Injectable } from '@nestjs/common';
import { Clock, decodeCursor, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { movesOfSilence } from '../core/port-out-facts.ts';
import type { PortOutState } from '../core/port-out-machine.ts';
import * as portOuts from './port-outs.sql.ts';
import type { PortOutEventRow, PortOutNumberRow, PortOutRow } from './port-outs.sql.ts';

const owner = sql<{ tenantId: string; carrier: string; carrierRef: string }>(
  'port-out-owner',
  `SELECT tenant_id AS "tenantId", carrier, carrier_ref AS "carrierRef" FROM port_out WHERE id = $1`,
);

const FIRST = { createdAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

export type PortOutView = PortOutRow & { readonly numbers: readonly PortOutNumberRow[] };

@Injectable()
export class PortOutQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list(ctx: TenantContext, { limit, cursor, state }: PageQuery & { state?: PortOutState | undefined }): Promise<Page<PortOutView>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const now = this.clock.now();
      const { data, nextCursor } = pageOf(await portOuts.listPortOuts(tx, ctx.tenantId, after, limit + 1, state, now), limit);
      const ids = data.map((r) => r.id);
      const numbers = Map.groupBy(await portOuts.listPortOutNumbers(tx, ctx.tenantId, ids), (n) => n.portOutId);
      return { data: data.map((r) => ({ ...asOf(r, now), numbers: numbers.get(r.id) ?? [] })), nextCursor };
    });
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<PortOutView> {
    return this.db.read(ctx, async (tx) => {
      const row = await portOuts.readPortOut(tx, ctx.tenantId, id);
      return { ...asOf(row, this.clock.now()), numbers: await portOuts.listPortOutNumbers(tx, ctx.tenantId, [id]) };
    });
  }

  /** @throws AppError resource.not_found */
  history(ctx: TenantContext, id: string): Promise<readonly PortOutEventRow[]> {
    return this.db.read(ctx, async (tx) => {
      await portOuts.readPortOut(tx, ctx.tenantId, id);
      return portOuts.listPortOutHistories(tx, ctx.tenantId, [id]);
    });
  }

  /** The same of several requests at once. */
  async histories(ctx: TenantContext, ids: readonly string[]): Promise<ReadonlyMap<string, readonly PortOutEventRow[]>> {
    const rows = await this.db.read(ctx, (tx) => portOuts.listPortOutHistories(tx, ctx.tenantId, ids));
    return Map.groupBy(rows, (e) => e.portOutId);
  }

  /** Whoever's numbers they are about, the oldest first. */
  disputed(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<PortOutView>> {
    const after = cursor === undefined ? FIRST : decodeCursor(cursor);
    return this.db.read(ctx, async (tx) => {
      const rows = await portOuts.listDisputed(tx, after, limit + 1);
      const { data, nextCursor } = pageOf(
        rows.map((r) => ({ ...r, createdAt: r.stateSince })),
        limit,
      );
      const numbers = await Promise.all(data.map((r) => portOuts.listPortOutNumbers(tx, r.tenantId, [r.id])));
      return { data: data.map((r, i) => ({ ...r, numbers: numbers[i] ?? [] })), nextCursor };
    });
  }

  /** Whose a request is. @throws AppError resource.not_found */
  async ownerOf(
    ctx: SystemContext,
    id: string,
  ): Promise<{ readonly tenantId: string; readonly carrier: string; readonly carrierRef: string }> {
    const [found] = await this.db.ask(ctx, owner, id);
    if (!found) throw notFound();
    return found;
  }
}

/** A request as it stands, what silence decided included, written down or not. */
const asOf = (row: PortOutRow, now: Date): PortOutRow =>
  movesOfSilence({ ...row, until: row.answerBy }, now).length === 0
    ? row
    : { ...row, state: 'authorized', decidedBy: 'silence', stateSince: row.answerBy ?? row.stateSince };
