import { readInboundGroup, readNumber, readPbx, readTrunk } from '@trunkline/edge-core';
import type { Question, Read } from '@trunkline/edge-core';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { MAIN_SCOPE } from './scope.ts';

const find = sql<Found>(
  'simulated-entries',
  `SELECT e.kind, e.key, e.value FROM edge_entry e JOIN unnest($1::text[], $2::text[]) AS q (kind, key) ON e.kind = q.kind AND e.key = q.key
   WHERE e.scope = '${MAIN_SCOPE}' AND e.value IS NOT NULL AND e.kind <> 'credential'`,
);

/** Stands for whichever address a carrier's call comes from. */
export const ANY_CARRIER = 'carrier';
const NOBODY = JSON.stringify({ carrierId: '', gatewayId: '' });

/** Which entries a simulation may see: a tenant its own and what all share, but not where carriers call from. Null: an operator, all. */
export type Sight = { readonly tenantId: string | null; readonly version: number; readonly down: readonly string[] };

/** The entries that answer these questions, as the edges have them. */
export const entriesFor = async (tx: Tx, sight: Sight, questions: readonly Question[]): Promise<Read[]> => {
  const given = questions.flatMap((q): Read[] => {
    if (q.kind === 'meta' && sight.version > 0) return [{ ...q, value: String(sight.version) }];
    if (q.kind === 'health' && sight.down.includes(q.key)) return [{ ...q, value: 'down' }];
    return q.kind === 'source' && q.key === ANY_CARRIER ? [{ ...q, value: NOBODY }] : [];
  });
  const stored = await tx.query(find, questions.map((q) => q.kind), questions.map((q) => q.key)); // prettier-ignore
  if (sight.tenantId === null) return [...given, ...stored];
  const named = stored.flatMap(({ kind, value }) => (kind === 'pbx' ? readPbx(value).trunks.map((t) => t.trunkId) : []));
  const trunks = await tx.query(find, named.map(() => 'trunk'), named); // prettier-ignore
  const own = trunks.filter((t) => readTrunk(t.value).tenantId === sight.tenantId).map((t) => t.key);
  return [...given, ...stored.flatMap((read) => seen(sight.tenantId, own, read))];
};

type Found = Read & { readonly value: string };

/** What is another tenant's looks as if it were not there. */
const seen = (tenantId: string | null, ownTrunkIds: readonly string[], read: Found): Read[] => {
  const { kind, key, value } = read;
  if (kind === 'source') return [];
  if (kind === 'tenant') return key === tenantId ? [read] : [];
  if (kind === 'trunk') return readTrunk(value).tenantId === tenantId ? [read] : [];
  if (kind === 'number') return readNumber(value).tenantId === tenantId ? [read] : [];
  if (kind === 'inbound_group') return readInboundGroup(value).tenantId === tenantId ? [read] : [];
  if (kind !== 'pbx') return [read];
  const trunks = readPbx(value).trunks.filter((t) => ownTrunkIds.includes(t.trunkId));
  return trunks.length === 0 ? [] : [{ kind, key, value: JSON.stringify({ trunks }) }];
};
