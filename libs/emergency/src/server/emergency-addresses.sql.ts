import { notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { EmergencyAddress } from '../core/emergency-address.ts';

const SELECT = `SELECT id, name, house_number AS "houseNumber", street, location, city, region, postal_code AS "postalCode", country, state, reason, candidates,
    provider_reference AS "providerReference", validated_at AS "validatedAt", created_at AS "createdAt", updated_at AS "updatedAt" FROM emergency_address`;
const LIVE = 'tenant_id = $1 AND deleted_at IS NULL';

const insert = sql(
  'emergency-address-insert',
  `INSERT INTO emergency_address (tenant_id, id, name, house_number, street, location, city, region, postal_code, country, state, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
);
const judge = sql(
  'emergency-address-judge',
  `UPDATE emergency_address SET state = $3, reason = $4, candidates = $5, provider_reference = $6, validated_at = $7, updated_at = $7 WHERE tenant_id = $1 AND id = $2`,
);
const remove = sql('emergency-address-remove', `UPDATE emergency_address SET deleted_at = $3 WHERE ${LIVE} AND id = $2`);
const one = sql<EmergencyAddress>('emergency-address-one', `${SELECT} WHERE ${LIVE} AND id = $2`);
const lock = sql<EmergencyAddress>('emergency-address-lock', `${SELECT} WHERE ${LIVE} AND id = $2 FOR UPDATE`);
const list = sql<EmergencyAddress>(
  'emergency-address-list',
  `${SELECT} WHERE ${LIVE} AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const used = sql<{ numberId: string }>(
  'emergency-address-used',
  `SELECT number_id AS "numberId" FROM emergency_registration WHERE tenant_id = $1 AND (address_id = $2 OR next_address_id = $2) LIMIT 1`,
);

export const insertAddress = (tx: Tx, tenantId: string, a: EmergencyAddress): Promise<unknown> =>
  tx.query(
    insert,
    tenantId,
    a.id,
    a.name,
    a.houseNumber,
    a.street,
    a.location,
    a.city,
    a.region,
    a.postalCode,
    a.country,
    a.state,
    a.createdAt,
  );

export const saveVerdict = (tx: Tx, tenantId: string, a: EmergencyAddress): Promise<unknown> =>
  tx.query(judge, tenantId, a.id, a.state, a.reason, JSON.stringify(a.candidates), a.providerReference, a.validatedAt);

export const removeAddress = (tx: Tx, tenantId: string, id: string, now: Date): Promise<unknown> => tx.query(remove, tenantId, id, now);

/** @throws AppError resource.not_found */
export const readAddress = async (tx: Tx, tenantId: string, id: string): Promise<EmergencyAddress> => {
  const [address] = await tx.query(one, tenantId, id);
  if (!address) throw notFound();
  return address;
};

/** The address, locked until the transaction ends; undefined when there is none any more. */
export const lockAddress = async (tx: Tx, tenantId: string, id: string): Promise<EmergencyAddress | undefined> =>
  (await tx.query(lock, tenantId, id))[0];

export const listAddresses = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<EmergencyAddress[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

export const isAddressUsed = async (tx: Tx, tenantId: string, id: string): Promise<boolean> =>
  (await tx.query(used, tenantId, id)).length > 0;
