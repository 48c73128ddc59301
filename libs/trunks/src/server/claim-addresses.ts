import { AppError, newId } from '@trunkline/kernel';
import { isExclusionViolation, sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { addressClaims } from '../core/address-claims.ts';
import { trunkErrors } from '../core/errors.ts';
import type { Trunk } from '../core/trunk.ts';

const release = sql(
  'trunk-addresses-release',
  `UPDATE trunk_address SET released_at = $3 WHERE tenant_id = $1 AND trunk_id = $2 AND released_at IS NULL`,
);
const claim = sql<{ id: string }>(
  'trunk-address-claim',
  `INSERT INTO trunk_address (tenant_id, id, trunk_id, network, tech_prefix, created_at, listed, identifies)
   SELECT $1, $2, $3, $4::inet, $5, $6, $7, $8 WHERE NOT carrier_has_address($4::inet) RETURNING id`,
);

const networksOfLists = sql<{ network: string }>(
  'trunk-addresses-listed',
  `SELECT DISTINCT n AS network FROM ip_list, unnest(networks) n WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) ORDER BY n`,
);

/** The addresses are given back: anybody may claim them. */
export const releaseAddresses = async (tx: Tx, tenantId: string, trunkId: string, now: Date): Promise<void> => {
  await tx.query(release, tenantId, trunkId, now);
};

/**
 * Makes the trunk's addresses and tech prefix those that it and its lists name, and no others.
 * @throws AppError trunk.address_taken, alike for what a carrier, another tenant or the tenant itself has
 */
export const claimAddresses = async (tx: Tx, tenantId: string, trunk: Trunk, now = trunk.updatedAt): Promise<void> => {
  // no constraint reaches from trunks to gateways: whoever claims an address waits for whoever is claiming one, carriers' included
  await takeTurn(tx, 'carrier_gateway.source_addresses');
  await releaseAddresses(tx, tenantId, trunk.id, now);
  const listed = trunk.ipListIds.length > 0 ? (await tx.query(networksOfLists, tenantId, trunk.ipListIds)).map((l) => l.network) : [];
  for (const { network, listed: isListed, identifies } of addressClaims(trunk.ipAddresses, listed, trunk.authMode)) {
    const claimed = await tx
      .query(claim, tenantId, newId(), trunk.id, network, trunk.techPrefix, now, isListed, identifies)
      .catch((error: unknown) => taken(network, isExclusionViolation(error, 'trunk_address_taken'), error));
    if (claimed.length === 0) taken(network, true);
  }
};

const taken = (network: string, refused: boolean, cause?: unknown): never => {
  if (!refused) throw cause;
  const detail = `${network} overlaps an address of a carrier, or of another trunk: trunks share one when each has a tech prefix and none begins another`;
  throw new AppError(trunkErrors.addressTaken, detail, { errors: [{ pointer: '/ip_addresses', code: 'taken', detail }] });
};
