import { notFound } from '@trunkline/kernel';
import { hasTag, sql, tagsOf } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Trunk } from '../core/trunk.ts';

const COLUMNS = `id, name, country, channels_max AS "channelsMax", enabled, default_caller_id AS "defaultCallerId", allowed_countries AS "allowedCountries",
  inbound_routes AS "inboundRoutes", external_reference AS "externalReference", revision, created_at AS "createdAt", updated_at AS "updatedAt",
  ARRAY(SELECT a.network FROM trunk_address a WHERE a.tenant_id = trunk.tenant_id AND a.trunk_id = trunk.id AND a.released_at IS NULL AND NOT a.listed ORDER BY a.network) AS "ipAddresses",
  tech_prefix AS "techPrefix", calls_per_second_max AS "callsPerSecondMax", CASE WHEN pass_verified THEN 'pass_verified' ELSE caller_id_policy END AS "callerIdPolicy", tls_required AS "tlsRequired",
  max_call_secs AS "maxCallSecs", reroute_codes AS "rerouteCodes", disaster_recovery_uri AS "disasterRecoveryUri", presence_numbers AS "presenceNumbers",
  auth_mode AS "authMode", codecs, srtp, registration_contacts_max AS "registrationContactsMax",
  registration_expires_min_secs AS "registrationExpiresMinSecs", registration_expires_max_secs AS "registrationExpiresMaxSecs",
  called_number_in AS "calledNumberIn", reject_anonymous AS "rejectAnonymous",
  ARRAY(SELECT l.ip_list_id FROM trunk_ip_list l WHERE l.tenant_id = trunk.tenant_id AND l.trunk_id = trunk.id AND l.released_at IS NULL ORDER BY l.ip_list_id) AS "ipListIds",
  ARRAY(SELECT l.credential_list_id FROM trunk_credential_list l WHERE l.tenant_id = trunk.tenant_id AND l.trunk_id = trunk.id AND l.released_at IS NULL
    ORDER BY l.credential_list_id) AS "credentialListIds",
  max_ring_secs AS "maxRingSecs",
  ${tagsOf('trunk', 'trunk')} AS tags`;

const insert = sql(
  'trunk-insert',
  `INSERT INTO trunk (tenant_id, id, name, country, channels_max, enabled, default_caller_id, allowed_countries, inbound_routes, external_reference, revision, created_at, updated_at,
     tech_prefix, calls_per_second_max, caller_id_policy, tls_required, max_call_secs, reroute_codes, disaster_recovery_uri,
     auth_mode, codecs, srtp, registration_contacts_max, registration_expires_min_secs, registration_expires_max_secs,
     called_number_in, max_ring_secs, pass_verified, presence_numbers, reject_anonymous)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)`,
);
const update = sql(
  'trunk-update',
  `UPDATE trunk SET name = $3, country = $4, channels_max = $5, enabled = $6, default_caller_id = $7, allowed_countries = $8, inbound_routes = $9, external_reference = $10,
     revision = $11, updated_at = $12, tech_prefix = $13, calls_per_second_max = $14, caller_id_policy = $15, tls_required = $16,
     max_call_secs = $17, reroute_codes = $18, disaster_recovery_uri = $19, auth_mode = $20, codecs = $21, srtp = $22,
     registration_contacts_max = $23, registration_expires_min_secs = $24, registration_expires_max_secs = $25, called_number_in = $26, max_ring_secs = $27,
     pass_verified = $28, presence_numbers = $29, reject_anonymous = $30 WHERE tenant_id = $1 AND id = $2`,
);
const lockOne = sql<Trunk>('trunk-lock', `SELECT ${COLUMNS} FROM trunk WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`);
const list = sql<Trunk>(
  'trunk-list',
  `SELECT ${COLUMNS} FROM trunk WHERE tenant_id = $1 AND deleted_at IS NULL AND (created_at, id) < ($2, $3)
     AND ($5::text IS NULL OR external_reference = $5) AND ${hasTag('trunk', 'trunk', '$6')} ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const one = sql<Trunk>('trunk-one', `SELECT ${COLUMNS} FROM trunk WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL`);
const several = sql<Trunk>(
  'trunk-several',
  `SELECT ${COLUMNS} FROM trunk WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND deleted_at IS NULL`,
);

export const insertTrunk = (tx: Tx, tenantId: string, t: Trunk): Promise<unknown> =>
  tx.query(
    insert,
    tenantId,
    t.id,
    t.name,
    t.country,
    t.channelsMax,
    t.enabled,
    t.defaultCallerId,
    t.allowedCountries,
    JSON.stringify(t.inboundRoutes),
    t.externalReference,
    t.revision,
    t.createdAt,
    t.updatedAt,
    t.techPrefix,
    t.callsPerSecondMax,
    t.callerIdPolicy === 'replace' ? 'replace' : 'reject', // to a program that does not know the third, it refuses
    t.tlsRequired,
    t.maxCallSecs,
    t.rerouteCodes,
    t.disasterRecoveryUri,
    t.authMode,
    t.codecs,
    t.srtp,
    t.registrationContactsMax,
    t.registrationExpiresMinSecs,
    t.registrationExpiresMaxSecs,
    t.calledNumberIn,
    t.maxRingSecs,
    t.callerIdPolicy === 'pass_verified',
    t.presenceNumbers,
    t.rejectAnonymous,
  );

export const updateTrunkRow = (tx: Tx, tenantId: string, t: Trunk): Promise<unknown> =>
  tx.query(
    update,
    tenantId,
    t.id,
    t.name,
    t.country,
    t.channelsMax,
    t.enabled,
    t.defaultCallerId,
    t.allowedCountries,
    JSON.stringify(t.inboundRoutes),
    t.externalReference,
    t.revision,
    t.updatedAt,
    t.techPrefix,
    t.callsPerSecondMax,
    t.callerIdPolicy === 'replace' ? 'replace' : 'reject', // to a program that does not know the third, it refuses
    t.tlsRequired,
    t.maxCallSecs,
    t.rerouteCodes,
    t.disasterRecoveryUri,
    t.authMode,
    t.codecs,
    t.srtp,
    t.registrationContactsMax,
    t.registrationExpiresMinSecs,
    t.registrationExpiresMaxSecs,
    t.calledNumberIn,
    t.maxRingSecs,
    t.callerIdPolicy === 'pass_verified',
    t.presenceNumbers,
    t.rejectAnonymous,
  );

/** The live trunk, locked until the transaction ends. @throws AppError resource.not_found */
export const lockTrunk = async (tx: Tx, tenantId: string, id: string): Promise<Trunk> => {
  const [trunk] = await tx.query(lockOne, tenantId, id);
  if (!trunk) throw notFound();
  return trunk;
};

/** @throws AppError resource.not_found */
export const readTrunk = async (tx: Tx, tenantId: string, id: string): Promise<Trunk> => {
  const [trunk] = await tx.query(one, tenantId, id);
  if (!trunk) throw notFound();
  return trunk;
};

/** What a list is narrowed by. */
export type TrunkFilter = { readonly tag?: string | undefined; readonly externalReference?: string | undefined };

/** Live trunks after a position, newest first. */
export const listTrunks = (
  tx: Tx,
  tenantId: string,
  after: { createdAt: Date | string; id: string },
  limit: number,
  { tag, externalReference }: TrunkFilter,
): Promise<Trunk[]> => tx.query(list, tenantId, after.createdAt, after.id, limit, externalReference, tag);

/** Those of them that are live, in no order. */
export const readTrunks = (tx: Tx, tenantId: string, ids: readonly string[]): Promise<Trunk[]> => tx.query(several, tenantId, ids);
