import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { homesToGive, spread } from '../core/choose-homes.ts';
import { homes } from './homes.sql.ts';

const homeless = sql<{ id: string }>('edge-homeless-tenants', `SELECT id FROM tenant WHERE home_edge_id IS NULL ORDER BY id`);
const homelessOf = sql<{ id: string }>(
  'edge-homeless-tenants-of',
  `SELECT id FROM tenant WHERE home_edge_id IS NULL AND id = ANY ($1::uuid[]) ORDER BY id`,
);
const assign = sql(
  'edge-home-assign',
  `UPDATE tenant t SET home_edge_id = a.edge FROM unnest($1::uuid[], $2::uuid[]) AS a (tenant, edge) WHERE t.id = a.tenant AND t.home_edge_id IS NULL`,
);

/**
 * Gives each tenant without a home the edge that carries the fewest tenants; with none enrolled they stay without. The scope must be
 * locked, so that two processes do not spread the same tenants.
 * @param of only these tenants; undefined for all
 * @returns the tenants that got one
 */
export const assignHomeEdges = async (tx: Tx, of?: readonly string[]): Promise<string[]> => {
  const tenants = await (of ? tx.query(homelessOf, of) : tx.query(homeless));
  if (tenants.length === 0) return [];
  const given = spread(tenants.length, homesToGive(await tx.query(homes)));
  if (!given) return [];
  const ids = tenants.map((t) => t.id);
  await tx.query(assign, ids, given);
  return ids;
};
