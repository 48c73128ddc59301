import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

// what carries the calls of a trunk is a group's when there is a row; the group itself is known above
const grouped = sql('trunk-channels-grouped', `SELECT FROM trunk_channels WHERE tenant_id = $1 AND id = $2`);
const leave = sql('trunk-channels-leave', `DELETE FROM trunk_channels WHERE tenant_id = $1 AND id = $2 RETURNING id`);

/** Whether the trunk's channels were bought with it: then they are paid, and count in the tenant's allotment. The trunk must be locked. */
export const hasOwnChannels = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx.query(grouped, tenantId, id)).length === 0;

/** Takes the trunk out of its group. @returns whether it was in one */
export const leaveGroup = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx.query(leave, tenantId, id)).length > 0;
