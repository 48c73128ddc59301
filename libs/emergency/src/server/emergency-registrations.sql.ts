import { notFound } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { EmergencyRegistration } from '../core/emergency-registration.ts';

/** That the tenant knows that help cannot be sent to whoever calls from the number. */
export type EmergencyWaiver = { readonly signedBy: string; readonly statement: string; readonly signedAt: Date };

const numberOf = sql<{ e164: E164; isLive: boolean }>(
  'emergency-number',
  `SELECT e164, released_at IS NULL AS "isLive" FROM number_assignment WHERE tenant_id = $1 AND id = $2`,
);
const keepNumber = sql<{ e164: E164; isLive: boolean }>('emergency-number-keep', `${numberOf.text} FOR SHARE`);
const read = sql<EmergencyRegistration>(
  'emergency-registration',
  `SELECT number_id AS "numberId", address_id AS "addressId", next_address_id AS "nextAddressId", state, reason, registered_at AS "registeredAt",
     created_at AS "createdAt", updated_at AS "updatedAt" FROM emergency_registration WHERE tenant_id = $1 AND number_id = $2`,
);
const lock = sql<EmergencyRegistration>('emergency-registration-lock', `${read.text} FOR UPDATE`);
const put = sql(
  'emergency-registration-put',
  `INSERT INTO emergency_registration (tenant_id, number_id, address_id, next_address_id, state, reason, registered_at, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   ON CONFLICT (tenant_id, number_id) DO UPDATE SET address_id = excluded.address_id, next_address_id = excluded.next_address_id, state = excluded.state,
     reason = excluded.reason, registered_at = excluded.registered_at, updated_at = excluded.updated_at`,
);
const remove = sql('emergency-registration-remove', `DELETE FROM emergency_registration WHERE tenant_id = $1 AND number_id = $2`);
const waiver = sql<EmergencyWaiver>(
  'emergency-waiver',
  `SELECT signed_by AS "signedBy", statement, signed_at AS "signedAt" FROM emergency_waiver WHERE tenant_id = $1 AND number_id = $2`,
);
const putWaiver = sql(
  'emergency-waiver-put',
  `INSERT INTO emergency_waiver (tenant_id, number_id, signed_by, statement, signed_at) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (tenant_id, number_id) DO UPDATE SET signed_by = excluded.signed_by, statement = excluded.statement, signed_at = excluded.signed_at`,
);
const removeWaiver = sql(
  'emergency-waiver-remove',
  `DELETE FROM emergency_waiver WHERE tenant_id = $1 AND number_id = $2 RETURNING number_id`,
);

/** The tenant's number while it holds it, which it does until the transaction ends. @throws AppError resource.not_found */
export const keptNumber = async (tx: Tx, tenantId: string, id: string): Promise<E164> => {
  const [number] = await tx.query(keepNumber, tenantId, id);
  if (!number?.isLive) throw notFound();
  return number.e164;
};

/** The same for who only looks. @throws AppError resource.not_found */
export const heldNumber = async (tx: Tx, tenantId: string, id: string): Promise<E164> => {
  const [number] = await tx.query(numberOf, tenantId, id);
  if (!number?.isLive) throw notFound();
  return number.e164;
};

/** The same also of one that was released. */
export const anyNumber = async (tx: Tx, tenantId: string, id: string): Promise<E164 | undefined> =>
  (await tx.query(numberOf, tenantId, id))[0]?.e164;

export const readRegistration = async (tx: Tx, tenantId: string, numberId: string): Promise<EmergencyRegistration | undefined> =>
  (await tx.query(read, tenantId, numberId))[0];

export const lockRegistration = async (tx: Tx, tenantId: string, numberId: string): Promise<EmergencyRegistration | undefined> =>
  (await tx.query(lock, tenantId, numberId))[0];

export const saveRegistration = (tx: Tx, tenantId: string, r: EmergencyRegistration): Promise<unknown> =>
  tx.query(put, tenantId, r.numberId, r.addressId, r.nextAddressId, r.state, r.reason, r.registeredAt, r.createdAt, r.updatedAt);

export const removeRegistration = (tx: Tx, tenantId: string, numberId: string): Promise<unknown> => tx.query(remove, tenantId, numberId);

export const readWaiver = async (tx: Tx, tenantId: string, numberId: string): Promise<EmergencyWaiver | undefined> =>
  (await tx.query(waiver, tenantId, numberId))[0];

export const saveWaiver = (tx: Tx, tenantId: string, numberId: string, w: EmergencyWaiver): Promise<unknown> =>
  tx.query(putWaiver, tenantId, numberId, w.signedBy, w.statement, w.signedAt);

/** @returns whether there was one */
export const deleteWaiver = async (tx: Tx, tenantId: string, numberId: string): Promise<boolean> =>
  (await tx.query(removeWaiver, tenantId, numberId)).length > 0;
