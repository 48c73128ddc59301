import { Injectable } from '@nestjs/common';
import { ENTRY_KINDS, EMPTY_CHECKSUM, formatChecksum } from '@trunkline/edge-core';
import type { EdgeStatus } from '@trunkline/edge-core';
import { fromPublicId } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { edgeContext, readScope } from '../scope.ts';

export type KnownEdge = { readonly id: string; readonly name: string; readonly publicKey: string };

const known = sql<KnownEdge>('edge-known', `SELECT id, name, public_key AS "publicKey" FROM edge WHERE id = $1 AND public_key IS NOT NULL`);
const applied = sql(
  'edge-applied',
  `UPDATE edge SET applied_version = $2, applied_at = clock_timestamp(), last_seen_at = clock_timestamp() WHERE id = $1`,
);
const seen = sql<{ id: string }>(
  'edge-seen',
  `UPDATE edge SET status = $3, last_seen_at = clock_timestamp() WHERE id = $1 AND public_key = $2 RETURNING id`,
);
const drifted = sql('edge-drifted', `UPDATE edge SET drifted_at = clock_timestamp() WHERE id = $1`);

/** What edges say of themselves, kept where the operator sees it. Times are the database's: they are compared with its own. */
@Injectable()
export class EdgeReports {
  constructor(private readonly db: Database) {}

  /** @returns undefined for an id that is malformed, unknown or not enrolled */
  async find(publicId: string): Promise<KnownEdge | undefined> {
    const id = fromPublicId('edge', publicId);
    const [edge] = id ? await this.db.read(edgeContext, (tx) => tx.query(known, id)) : [];
    return edge;
  }

  async applied(edgeId: string, version: number): Promise<void> {
    await this.db.tx(edgeContext, (tx) => tx.query(applied, edgeId, version));
  }

  /**
   * @returns whether the edge holds other entries than it should at the version it is at; changes on their way are no drift,
   * nor is a kind that an older edge does not know: sending it again would not help
   * @throws Error when the edge has another key by now: it enrolled again, maybe at another gateway, and this connection is its former self
   */
  status({ id, name, publicKey }: KnownEdge, { checksums, applied_version, ...rest }: EdgeStatus): Promise<boolean> {
    return this.db.tx(edgeContext, async (tx) => {
      const rows = await tx.query(seen, id, publicKey, JSON.stringify(rest));
      if (rows.length === 0) throw new Error(`${name} has another key now`);
      const { version, sums } = await readScope(tx);
      return (
        applied_version === version &&
        ENTRY_KINDS.some((kind) => checksums[kind] !== undefined && checksums[kind] !== formatChecksum(sums[kind] ?? EMPTY_CHECKSUM))
      );
    });
  }

  async drifted(edgeId: string): Promise<void> {
    await this.db.tx(edgeContext, (tx) => tx.query(drifted, edgeId));
  }
}
