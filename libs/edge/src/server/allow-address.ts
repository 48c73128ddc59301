import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { Ipv4Network, SystemContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, markDirty, sql, takeTurn } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';

/** An address or network that no edge ever bans, and why. */
export type AllowEntry = { readonly id: string; readonly network: Ipv4Network; readonly note: string | null; readonly createdAt: Date };

/** The edges look through all of it, and only when somebody is about to be banned. */
const ENTRIES_MAX = 200;
const count = sql<{ entries: number }>('edge-allow-count', `SELECT count(*)::int AS entries FROM edge_allow_entry`);
const insert = sql('edge-allow-insert', `INSERT INTO edge_allow_entry (id, network, note, created_at) VALUES ($1, $2::inet, $3, $4)`);

@Injectable()
export class AllowAddress {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError edge_allow_list.exists, edge_allow_list.full */
  execute(ctx: SystemContext, input: { readonly network: Ipv4Network; readonly note: string | null }): Promise<AllowEntry> {
    return this.db.tx(ctx, async (tx) => {
      await takeTurn(tx, 'edge_allow_entry');
      const [row] = await tx.query(count);
      if (row && row.entries >= ENTRIES_MAX) throw new AppError(edgeErrors.allowListFull);
      const entry: AllowEntry = { id: newId(), ...input, createdAt: this.clock.now() };
      await tx.query(insert, entry.id, entry.network, entry.note, entry.createdAt).catch(exists);
      markDirty(tx, 'allow_list', ['all']);
      audit(tx, ctx, 'edge_allow_entry.created', entry.id, input);
      return entry;
    });
  }
}

const exists = (error: unknown): never => {
  if (!isUniqueViolation(error, 'edge_allow_entry_network_key')) throw error;
  const { title } = edgeErrors.allowEntryExists;
  throw new AppError(edgeErrors.allowEntryExists, undefined, { errors: [{ pointer: '/network', code: 'taken', detail: title }] });
};
