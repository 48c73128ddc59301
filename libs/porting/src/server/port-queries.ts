import { Injectable } from '@nestjs/common';
import { Clock, decodeCursor, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { FieldError, Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database, Sealer, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { compareCsr } from '../core/compare-csr.ts';
import type { CsrComparison } from '../core/compare-csr.ts';
import { orderFaults } from '../core/order-faults.ts';
import { isEditable } from '../core/port-guards.ts';
import { listPapers } from './port-documents.sql.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import { sheetFrom } from './port-sheet.ts';
import * as ports from './ports.sql.ts';
import { listProjects, readProject } from './port-projects.sql.ts';
import type { PortProjectRow } from './port-projects.sql.ts';
import type { PortEventRow, PortNumberRow, PortOrderRow } from './ports.sql.ts';

const FIRST = { createdAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

export type PortOrderView = PortOrderRow & {
  readonly numbers: readonly PortNumberRow[];
  readonly papers: readonly PortDocumentRow[];
  readonly faults: readonly FieldError[];
  readonly comparison: CsrComparison | null;
};
export type PortProjectView = PortProjectRow & { readonly orders: readonly PortOrderRow[] };
export type RejectionCount = { readonly code: string; readonly losingCarrierName: string | null; readonly count: number };

const owner = sql<{ tenantId: string }>('port-order-owner', `SELECT tenant_id AS "tenantId" FROM port_order WHERE id = $1`);
// each refusal is one line of a history, whatever came of it later
const rejections = sql<RejectionCount>(
  'port-rejection-counts',
  `SELECT r ->> 'code' AS code, o.losing_carrier_name AS "losingCarrierName", count(*)::int AS count
   FROM port_event e JOIN port_order o ON o.tenant_id = e.tenant_id AND o.id = e.order_id CROSS JOIN LATERAL jsonb_array_elements(e.data -> 'rejections') AS r
   WHERE e.event IN ('rejected', 'refused_for_good', 'foc_rejected') AND e.at >= $1
   GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 200`,
);

@Injectable()
export class PortQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {}

  projects(
    ctx: TenantContext,
    { limit, cursor, externalReference }: PageQuery & { externalReference?: string | undefined },
  ): Promise<Page<PortProjectView>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const { data, nextCursor } = pageOf(await listProjects(tx, ctx.tenantId, after, limit + 1, externalReference), limit);
      return { data: await withOrders(tx, ctx, data), nextCursor };
    });
  }

  /** @throws AppError resource.not_found */
  project(ctx: TenantContext, id: string): Promise<PortProjectView> {
    return this.db.read(ctx, async (tx) => {
      const [project] = await withOrders(tx, ctx, [await readProject(tx, ctx.tenantId, id)]);
      return project!;
    });
  }

  orders(
    ctx: TenantContext,
    { limit, cursor, state, projectId }: PageQuery & { state?: string | undefined; projectId?: string | undefined },
  ): Promise<Page<PortOrderView>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const { data, nextCursor } = pageOf(await ports.listOrders(tx, ctx.tenantId, after, limit + 1, state, projectId), limit);
      return { data: await this.whole(tx, ctx, data), nextCursor };
    });
  }

  /** @throws AppError resource.not_found */
  order(ctx: TenantContext, id: string): Promise<PortOrderView> {
    return this.db.read(ctx, async (tx) => {
      const [order] = await this.whole(tx, ctx, [await ports.readOrder(tx, ctx.tenantId, id)]);
      return order!;
    });
  }

  /** @throws AppError resource.not_found */
  history(ctx: TenantContext, id: string): Promise<readonly PortEventRow[]> {
    return this.db.read(ctx, async (tx) => {
      await ports.readOrder(tx, ctx.tenantId, id);
      return ports.listHistory(tx, ctx.tenantId, id);
    });
  }

  /** The same of several orders at once. */
  async histories(ctx: TenantContext, ids: readonly string[]): Promise<ReadonlyMap<string, readonly PortEventRow[]>> {
    const rows = await this.db.read(ctx, (tx) => ports.listHistories(tx, ctx.tenantId, ids));
    return Map.groupBy(rows, (e) => e.orderId);
  }

  inReview(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<PortOrderRow>> {
    const after = cursor === undefined ? FIRST : decodeCursor(cursor);
    return this.db.read(ctx, async (tx) => {
      const rows = await ports.listInReview(tx, after, limit + 1);
      return pageOf(
        rows.map((o) => ({ ...o, createdAt: o.stateSince })),
        limit,
      );
    });
  }

  /** Whose an order is. @throws AppError resource.not_found */
  async ownerOf(ctx: SystemContext, id: string): Promise<string> {
    const [found] = await this.db.ask(ctx, owner, id);
    if (!found) throw notFound();
    return found.tenantId;
  }

  private async whole(tx: Tx, ctx: TenantContext, orders: readonly PortOrderRow[]): Promise<PortOrderView[]> {
    const ids = orders.map((o) => o.id);
    const numbers = Map.groupBy(await ports.listNumbersOf(tx, ctx.tenantId, ids), (n) => n.orderId);
    const papers = Map.groupBy(await listPapers(tx, ctx.tenantId, ids), (d) => d.orderId);
    return orders.map((o) => this.beheld(o, numbers.get(o.id) ?? [], papers.get(o.id) ?? []));
  }

  /** An order with what it lacks, and how it compares: as long as something can still be done about it. */
  private beheld(row: PortOrderRow, numbers: readonly PortNumberRow[], papers: readonly PortDocumentRow[]): PortOrderView {
    const sheet = sheetFrom(this.sealer, row, numbers, papers);
    const faults = isEditable(row.state) ? orderFaults(sheet, this.clock.now()) : [];
    return { ...row, numbers, papers, faults, comparison: row.customerRecord && compareCsr(sheet, row.customerRecord) };
  }

  /** How often which carriers refused in the last days, and why. */
  rejectionCounts(ctx: SystemContext, days: number): Promise<readonly RejectionCount[]> {
    return this.db.ask(ctx, rejections, new Date(this.clock.now().getTime() - days * 86_400_000));
  }
}

const withOrders = async (tx: Tx, ctx: TenantContext, projects: readonly PortProjectRow[]): Promise<PortProjectView[]> => {
  const orders = await ports.listOrdersOf(
    tx,
    ctx.tenantId,
    projects.map((p) => p.id),
  );
  const byProject = Map.groupBy(orders, (o) => o.projectId);
  return projects.map((p) => ({ ...p, orders: byProject.get(p.id) ?? [] }));
};
