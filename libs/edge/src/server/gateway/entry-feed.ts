import { Injectable } from '@nestjs/common';
import type { Entry } from '@trunkline/edge-core';
import { Database, Sealer, sql } from '@trunkline/platform';
import { openValue } from '../entry-seal.ts';
import { MAIN_SCOPE, edgeContext, readScope, repeatableRead } from '../scope.ts';

const CHUNK = 1_000;
type Row = Omit<Entry, 'version'> & { version: bigint; updatedAt: Date };
const SELECT = `SELECT kind, key, value, version, updated_at AS "updatedAt" FROM edge_entry WHERE scope = '${MAIN_SCOPE}' AND version > $1`;
const changed = sql<Row>('edge-feed-changed', `${SELECT} ORDER BY version LIMIT ${CHUNK}`);
const live = sql<Row>('edge-feed-live', `${SELECT} AND value IS NOT NULL ORDER BY version LIMIT ${CHUNK}`);

const requested = sql<{ at: Date | null }>('edge-feed-requested', `SELECT resync_requested_at AS at FROM edge WHERE id = $1`);

/** One `entries` message, and when its oldest entry was written. */
export type FeedPart = {
  readonly reset: boolean;
  readonly last: boolean;
  readonly version: number;
  readonly entries: readonly Entry[];
  readonly oldest: Date | undefined;
};

export type Fed = { readonly cursor: number; readonly resync: Date | undefined };

/** Reads what an edge lacks. */
@Injectable()
export class EntryFeed {
  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
  ) {}

  /**
   * Sends the entries after the cursor in parts, or the full set when that was asked for or the cursor is of no use: it is 0, below the floor, or
   * ahead of us (our database was restored from a backup). All parts are of one moment: a row deleted between two of them must not be left over.
   * @returns the cursor that the edge has after the last part, and when the full set had been asked for, if it was
   */
  stream(edgeId: string, cursor: number, send: (part: FeedPart) => Promise<void>): Promise<Fed> {
    return this.db.read(edgeContext, async (tx) => {
      await tx.query(repeatableRead);
      const [{ version, floor }, [edge]] = await Promise.all([readScope(tx), tx.query(requested, edgeId)]);
      const resync = edge?.at ?? undefined;
      const reset = resync !== undefined || cursor === 0 || cursor < floor || cursor > version;
      if (version === 0 || (!reset && cursor === version)) return { cursor, resync: undefined }; // nothing was ever compiled, or it has everything
      for (let after = reset ? 0 : cursor; ;) {
        const rows = await tx.query(reset ? live : changed, after);
        const last = rows.length < CHUNK;
        after = last ? version : Number(rows.at(-1)?.version);
        await send({ reset, last, version: after, entries: rows.flatMap((row) => this.entry(row)), oldest: oldestOf(rows) });
        if (last) return { cursor: version, resync };
      }
    });
  }

  private entry({ kind, key, value, version }: Row): Entry[] {
    const opened = openValue(this.sealer, { kind, key, value });
    return opened === undefined ? [] : [{ kind, key, value: opened, version: Number(version) }];
  }
}

const oldestOf = (rows: readonly Row[]): Date | undefined =>
  rows.reduce<Date | undefined>((a, { updatedAt: b }) => (a && a < b ? a : b), undefined);
