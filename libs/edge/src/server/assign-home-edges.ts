import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

const homeless = sql<{ id: string }>('edge-homeless-tenants', `SELECT id FROM tenant WHERE home_edge_id IS NULL ORDER BY id`);
const homelessOf = sql<{ id: string }>(
  'edge-homeless-tenants-of',
  `SELECT id FROM tenant WHERE home_edge_id IS NULL AND id = ANY ($1::uuid[]) ORDER BY id`,
);
const load = sql<{ id: string; tenants: bigint }>(
  'edge-load',
  `SELECT e.id, count(t.id) AS tenants FROM edge e LEFT JOIN tenant t ON t.home_edge_id = e.id WHERE e.enrolled_at IS NOT NULL GROUP BY e.id, e.name ORDER BY e.name`,
);
const assign = sql(
  'edge-home-assign',
  `UPDATE tenant t SET home_edge_id = a.edge FROM unnest($1::uuid[], $2::uuid[]) AS a (tenant, edge) WHERE t.id = a.tenant AND t.home_edge_id IS NULL`,
);

/**
 * Gives each tenant without a home the enrolled edge that carries the fewest tenants; with none enrolled they stay without. The scope must
 * be locked, so that two processes do not spread the same tenants.
 * @param of only these tenants; undefined for all
 * @returns the tenants that got one
 */
export const assignHomeEdges = async (tx: Tx, of?: readonly string[]): Promise<string[]> => {
  const tenants = await (of ? tx.query(homelessOf, of) : tx.query(homeless));
  if (tenants.length === 0) return [];
  const edges = (await tx.query(load)).map(({ id, tenants: count }) => ({ id, count: Number(count) }));
  if (edges.length === 0) return [];
  const homes = tenants.map(() => {
    const least = edges.reduce((a, b) => (b.count < a.count ? b : a));
    least.count += 1;
    return least.id;
  });
  const ids = tenants.map((t) => t.id);
  await tx.query(assign, ids, homes);
  return ids;
};
