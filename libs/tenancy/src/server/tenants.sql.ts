import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Allotment } from '../core/allotment.ts';

const allot = sql(
  'tenant-allot',
  `UPDATE tenant_node SET channels_allotted = $2, numbers_allotted = $3, tenants_allotted = $4 WHERE id = $1`,
);

/** What is held already stays, whatever is allotted: only new orders are refused. */
export const setAllotment = async (tx: Tx, tenantId: string, { channels, numbers, tenants }: Allotment): Promise<void> => {
  await tx.query(allot, tenantId, channels, numbers, tenants);
};

const setWords = sql(
  'tenant-tags-set',
  `WITH gone AS (DELETE FROM tenant_tag WHERE tenant_id = $1 AND NOT tag = ANY ($2::text[]))
   INSERT INTO tenant_tag (tenant_id, tag) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
);

/** Gives a tenant these tags and no other. */
export const setTenantTags = async (tx: Tx, tenantId: string, tags: readonly string[]): Promise<void> => {
  await tx.query(setWords, tenantId, tags);
};
