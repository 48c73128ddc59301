import { sql } from './database.ts';
import type { Tx } from './database.ts';

/** What can be tagged. */
export type Tagged = 'trunk' | 'number';

/** The tags of a row, for the columns of a SELECT. @param row the table, or its alias */
export const tagsOf = (type: Tagged, row: string): string =>
  `ARRAY(SELECT g.tag FROM resource_tag g WHERE g.tenant_id = ${row}.tenant_id AND g.resource_type = '${type}' AND g.resource_id = ${row}.id ORDER BY g.tag COLLATE "C")`;

/** Whether a row has the tag of a parameter, or none is asked for. */
export const hasTag = (type: Tagged, row: string, parameter: string): string =>
  `(${parameter}::text IS NULL OR EXISTS (SELECT FROM resource_tag g WHERE g.tenant_id = ${row}.tenant_id AND g.resource_type = '${type}' AND g.resource_id = ${row}.id AND g.tag = ${parameter}))`;

const set = sql(
  'resource-tags-set',
  `WITH gone AS (DELETE FROM resource_tag WHERE tenant_id = $1 AND resource_type = $2 AND resource_id = $3 AND NOT tag = ANY ($4::text[]))
   INSERT INTO resource_tag (tenant_id, resource_type, resource_id, tag) SELECT $1, $2, $3, unnest($4::text[]) ON CONFLICT DO NOTHING`,
);

/** Gives a resource these tags and no other. */
export const setTags = (tx: Tx, tenantId: string, type: Tagged, id: string, tags: readonly string[]): Promise<unknown> =>
  tx.query(set, tenantId, type, id, tags);
