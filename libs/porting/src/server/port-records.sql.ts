import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CustomerRecord } from '@trunkline/carriers';
import type { PortOrderRow } from './ports.sql.ts';

const want = sql(
  'port-record-want',
  `UPDATE port_order SET record_state = 'wanted', record_ref = NULL, record_reason = NULL, record_since = $3, record_due_at = $3 WHERE tenant_id = $1 AND id = $2`,
);
// what was wanted anew meanwhile is another question, which is still to be asked
const save = sql<{ id: string }>(
  'port-record-save',
  `UPDATE port_order SET record_state = $4, record_ref = $5, record_reason = $6, record_due_at = $7, customer_record = coalesce($8, customer_record)
   WHERE tenant_id = $1 AND id = $2 AND record_since = $3 RETURNING id`,
);

type Written = Pick<PortOrderRow, 'recordState' | 'recordRef' | 'recordReason' | 'recordDueAt'> & { readonly record?: CustomerRecord };

export const wantRecord = (tx: Tx, tenantId: string, id: string, now: Date) => tx.query(want, tenantId, id, now);
/** @returns whether it was still this record that was wanted */
export const saveRecord = async (tx: Tx, { tenantId, id, recordSince }: PortOrderRow, w: Written): Promise<boolean> =>
  (await tx.query(save, tenantId, id, recordSince, w.recordState, w.recordRef, w.recordReason, w.recordDueAt, w.record ?? null)).length > 0;
