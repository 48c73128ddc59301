/** An edge that may be given tenants, and how many it has. */
export type HomeCandidate = { readonly id: string; readonly tenants: number };

/** An edge as it is known when homes are given. `lost`: silent, or without its Kamailio. */
export type KnownHome = HomeCandidate & { readonly active: boolean; readonly lost: boolean };

/**
 * The edges that new homes are chosen from: those at work. A tenant without any home would be carried, and counted, by every edge: so with
 * none at work it is one that may come back, and with none of those even one that is being drained.
 */
export const homesToGive = (edges: readonly KnownHome[]): readonly HomeCandidate[] => {
  const active = edges.filter((e) => e.active);
  const atWork = active.filter((e) => !e.lost);
  return [atWork, active, edges].find((some) => some.length > 0) ?? [];
};

/** One edge for each of `tenants`, every one the edge that has fewest by then. Undefined when there is no edge. */
export const spread = (tenants: number, candidates: readonly HomeCandidate[]): readonly string[] | undefined => {
  const loads = candidates.map(({ id, tenants: count }) => ({ id, count }));
  if (loads.length === 0) return undefined;
  return Array.from({ length: tenants }, () => {
    const least = loads.reduce((a, b) => (b.count < a.count ? b : a));
    least.count += 1;
    return least.id;
  });
};
