import { Injectable } from '@nestjs/common';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '../db/database.ts';
import { GENESIS, chainHash } from './chain.ts';
import type { ChainedEntry } from './chain.ts';

/** A position in a chain that somebody kept elsewhere: what lies before it cannot have been rewritten unnoticed. */
export type Anchor = { readonly length: bigint; readonly hash: string };
export type ChainReport = Anchor & {
  readonly tenantId: string;
  /** The first entry that is not as it was written, and what is wrong with it. */
  readonly broken?: string;
};

type Head = { readonly tenantId: string; readonly length: bigint; readonly hash: Buffer };
type Row = ChainedEntry & { readonly sequence: bigint; readonly hash: Buffer };

const PAGE = 1_000;
// the heads first: entries that come later are beyond them
const heads = sql<Head>(
  'audit-heads',
  `SELECT t.tenant_id AS "tenantId", coalesce(h.length, 0) AS length, coalesce(h.hash, '') AS hash
   FROM (SELECT tenant_id FROM audit_head UNION SELECT tenant_id FROM audit_entry) t LEFT JOIN audit_head h USING (tenant_id) ORDER BY 1`,
);
const page = sql<Row>(
  'audit-page',
  `SELECT tenant_id AS "tenantId", id, at, actor_type AS "actorType", actor_id AS "actorId", request_id AS "requestId", source_address AS "sourceAddress",
     action, resource_id AS "resourceId", data::text AS data, sequence, hash
   FROM audit_entry WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${PAGE}`,
);

const named = (e: Row): string => `entry ${e.sequence} (${e.action}, ${e.at.toISOString()}, ${e.id})`;

/** Walks every chain from its first entry and computes each hash anew. Repairs nothing. */
@Injectable()
export class VerifyAudit {
  constructor(private readonly db: Database) {}

  /** @param anchors by tenant: ends of chains as an earlier run reported them */
  async *execute(ctx: SystemContext, anchors: ReadonlyMap<string, Anchor> = new Map()): AsyncGenerator<ChainReport> {
    const found = await this.db.ask(ctx, heads);
    for (const head of found) yield await this.verify(ctx, head, anchors.get(head.tenantId));
    for (const [tenantId, anchor] of anchors)
      if (!found.some((head) => head.tenantId === tenantId)) yield { tenantId, ...anchor, broken: 'the whole chain is gone' };
  }

  private async verify(ctx: SystemContext, head: Head, anchor: Anchor | undefined): Promise<ChainReport> {
    let at: { length: bigint; hash: Buffer } = { length: 0n, hash: GENESIS };
    const report = (broken?: string): ChainReport => ({
      tenantId: head.tenantId,
      length: at.length,
      hash: at.hash.toString('hex'),
      ...(broken === undefined ? {} : { broken }),
    });
    for (let rows: Row[]; (rows = await this.db.ask(ctx, page, head.tenantId, at.length)).length > 0;)
      for (const row of rows) {
        if (head.length > 0n && at.length === head.length) return this.ended(report, at, head); // written since
        const fault = faultOf(at, row, anchor);
        if (fault) return report(fault);
        at = { length: row.sequence, hash: row.hash };
      }
    if (anchor && at.length < anchor.length) return report(`entries ${at.length + 1n} to ${anchor.length} are gone from the end`);
    return this.ended(report, at, head);
  }

  private ended(report: (broken?: string) => ChainReport, at: { length: bigint; hash: Buffer }, head: Head): ChainReport {
    if (at.length < head.length) return report(`entries ${at.length + 1n} to ${head.length} are gone from the end`);
    return report(at.hash.equals(head.hash) && at.length === head.length ? undefined : `the head of the chain was changed`);
  }
}

/** What is wrong with the entry after a position of the chain; undefined when it follows. */
const faultOf = (at: { length: bigint; hash: Buffer }, row: Row, anchor: Anchor | undefined): string | undefined => {
  if (row.sequence !== at.length + 1n) return `entry ${at.length + 1n} is gone: the next is ${named(row)}`;
  if (!chainHash(at.hash, row).equals(row.hash)) return `${named(row)} is not what was written there`;
  if (anchor?.length === row.sequence && anchor.hash !== row.hash.toString('hex')) return `${named(row)} is not the one on record`;
  return undefined;
};
