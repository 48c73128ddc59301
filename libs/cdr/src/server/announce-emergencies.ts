import { hash } from 'node:crypto';
import { publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { attemptKey, cdrId } from '../core/cdr-id.ts';
import type { EmergencyRecord } from '../core/sort-lines.ts';

const told = sql<{ tenantId: string; id: string }>(
  'emergency-call-told',
  `INSERT INTO emergency_call (tenant_id, id, told_at) SELECT t.tenant_id, t.id, $3 FROM unnest($1::uuid[], $2::uuid[]) AS t (tenant_id, id)
     JOIN tenant ON tenant.id = t.tenant_id
   ON CONFLICT DO NOTHING RETURNING tenant_id AS "tenantId", id`,
);

/**
 * Tells of each call for help once, by whichever record comes first: of one that is answered that is its start, so whoever listens hears of it while it is up
 * (47 CFR 9.16(b)(2)).
 */
export const announceEmergencies = async (tx: Tx, edgeId: string, records: readonly EmergencyRecord[], now: Date): Promise<void> => {
  if (records.length === 0) return;
  const byId = new Map(records.map((r) => [cdrId(r.startedAtMs, hash('sha256', attemptKey(edgeId, r.uid), 'hex')), r]));
  const ids = [...byId.keys()].sort();
  const fresh = await tx.query(told, ids.map((id) => byId.get(id)?.tenantId), ids, now); // prettier-ignore
  for (const { tenantId, id } of fresh) {
    const call = byId.get(id);
    if (!call) continue;
    const { trunkId, callerId, destination, startedAtMs } = call;
    const data = { callId: id, trunkId, callerId, destination: destination ?? '', startedAt: new Date(startedAtMs).toISOString() };
    publish(tx, { type: 'emergency_call.placed', tenantId, data });
  }
};
