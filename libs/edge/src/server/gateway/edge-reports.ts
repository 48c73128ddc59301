import { Injectable } from '@nestjs/common';
import { EMPTY_CHECKSUM, formatChecksum, kindsOf } from '@trunkline/edge-core';
import type { EdgeStatus, EntryKind } from '@trunkline/edge-core';
import { fromPublicId } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, publish, sql } from '@trunkline/platform';
import { edgeContext, readScope } from '../scope.ts';

export type KnownEdge = { readonly id: string; readonly name: string; readonly publicKey: string };
/** What an agent says of itself when it connects. */
export type AgentFacts = { readonly contract: number; readonly agentVersion: string | undefined };

const known = sql<KnownEdge>('edge-known', `SELECT id, name, public_key AS "publicKey" FROM edge WHERE id = $1 AND public_key IS NOT NULL`);
const applied = sql(
  'edge-applied',
  `UPDATE edge SET applied_version = $2, applied_at = clock_timestamp(), last_seen_at = clock_timestamp() WHERE id = $1`,
);
const seen = sql<{ id: string }>(
  'edge-seen',
  `UPDATE edge SET status = $3, last_seen_at = clock_timestamp(),
     last_up_at = CASE $4::text WHEN 'up' THEN clock_timestamp() ELSE last_up_at END WHERE id = $1 AND public_key = $2 RETURNING id`,
);
const admitted = sql(
  'edge-admitted',
  `UPDATE edge SET contract = $2, agent_version = $3, refused_code = NULL, refused_at = NULL, last_seen_at = clock_timestamp() WHERE id = $1`,
);
const refused = sql(
  'edge-refused',
  `UPDATE edge SET contract = $2, agent_version = $3, refused_code = $4, refused_at = clock_timestamp() WHERE id = $1`,
);
const drifted = sql(
  'edge-drifted',
  `UPDATE edge SET drifted_at = clock_timestamp(), drift_kinds = $2, drifts = drifts + 1, resync_requested_at = clock_timestamp() WHERE id = $1`,
);
// one that was asked for after this one had begun is still to come
const resynced = sql(
  'edge-resynced',
  `UPDATE edge SET resynced_at = clock_timestamp(), resyncs = resyncs + 1, resync_requested_at = nullif(resync_requested_at, $2) WHERE id = $1`,
);

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

  async admitted(edgeId: string, { contract, agentVersion }: AgentFacts): Promise<void> {
    await this.db.tx(edgeContext, (tx) => tx.query(admitted, edgeId, contract, agentVersion ?? null));
  }

  /** An edge that has proved who it is and is turned away all the same: the operator must see why. */
  async refused(edgeId: string, { contract, agentVersion }: AgentFacts, code: string): Promise<void> {
    await this.db.tx(edgeContext, (tx) => tx.query(refused, edgeId, contract, agentVersion ?? null, code));
  }

  async applied(edgeId: string, version: number): Promise<void> {
    await this.db.tx(edgeContext, (tx) => tx.query(applied, edgeId, version));
  }

  /**
   * @param contract which kinds of entry it knows
   * @returns the kinds of which it holds other entries than it should at the version it is at; changes on their way are no drift
   * @throws Error when the edge has another key by now: it enrolled again, maybe at another gateway, and this connection is its former self
   */
  status({ id, name, publicKey }: KnownEdge, contract: number, { checksums, ...rest }: EdgeStatus): Promise<readonly EntryKind[]> {
    return this.db.tx(edgeContext, async (tx) => {
      const rows = await tx.query(seen, id, publicKey, JSON.stringify(rest), rest.kamailio);
      if (rows.length === 0) throw new Error(`${name} has another key now`);
      const { version, sums } = await readScope(tx);
      if (rest.applied_version !== version) return [];
      return kindsOf(contract).filter((kind) => (checksums[kind] ?? '') !== formatChecksum(sums[kind] ?? EMPTY_CHECKSUM));
    });
  }

  /** Asks for a full set, too. */
  async drifted({ id, name }: KnownEdge, kinds: readonly EntryKind[]): Promise<void> {
    await this.db.tx(edgeContext, async (tx) => {
      await tx.query(drifted, id, kinds);
      publish(tx, { type: 'edge.drifted', tenantId: PLATFORM_TENANT_ID, data: { edgeId: id, edge: name, kinds } });
    });
  }

  /** @param requestedAt when the full set that was sent had been asked for */
  async resynced(edgeId: string, requestedAt: Date): Promise<void> {
    await this.db.tx(edgeContext, (tx) => tx.query(resynced, edgeId, requestedAt));
  }
}
