import { notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
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

/** What is written of a trunk, by column. To a program that does not know the third policy, `caller_id_policy` says that it refuses. */
const WRITTEN: Readonly<Record<string, (t: Trunk) => unknown>> = {
  name: (t) => t.name,
  country: (t) => t.country,
  channels_max: (t) => t.channelsMax,
  enabled: (t) => t.enabled,
  default_caller_id: (t) => t.defaultCallerId,
  allowed_countries: (t) => t.allowedCountries,
  inbound_routes: (t) => JSON.stringify(t.inboundRoutes),
  external_reference: (t) => t.externalReference,
  revision: (t) => t.revision,
  updated_at: (t) => t.updatedAt,
  tech_prefix: (t) => t.techPrefix,
  calls_per_second_max: (t) => t.callsPerSecondMax,
  caller_id_policy: (t) => (t.callerIdPolicy === 'replace' ? 'replace' : 'reject'),
  pass_verified: (t) => t.callerIdPolicy === 'pass_verified',
  tls_required: (t) => t.tlsRequired,
  max_call_secs: (t) => t.maxCallSecs,
  reroute_codes: (t) => t.rerouteCodes,
  disaster_recovery_uri: (t) => t.disasterRecoveryUri,
  auth_mode: (t) => t.authMode,
  codecs: (t) => t.codecs,
  srtp: (t) => t.srtp,
  registration_contacts_max: (t) => t.registrationContactsMax,
  registration_expires_min_secs: (t) => t.registrationExpiresMinSecs,
  registration_expires_max_secs: (t) => t.registrationExpiresMaxSecs,
  called_number_in: (t) => t.calledNumberIn,
  max_ring_secs: (t) => t.maxRingSecs,
  presence_numbers: (t) => t.presenceNumbers,
  reject_anonymous: (t) => t.rejectAnonymous,
};
const columns = Object.keys(WRITTEN);
const writtenOf = (t: Trunk): unknown[] => Object.values(WRITTEN).map((of) => of(t));
const parameters = (first: number): string[] => columns.map((_, i) => `$${i + first}`);

const insert = sql(
  'trunk-insert',
  `INSERT INTO trunk (tenant_id, id, created_at, ${columns.join(', ')}) VALUES ($1, $2, $3, ${parameters(4).join(', ')})`,
);
const update = sql(
  'trunk-update',
  `UPDATE trunk SET (${columns.join(', ')}) = (${parameters(3).join(', ')}) WHERE tenant_id = $1 AND id = $2`,
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
  tx.query(insert, tenantId, t.id, t.createdAt, ...writtenOf(t));

export const updateTrunkRow = (tx: Tx, tenantId: string, t: Trunk): Promise<unknown> => tx.query(update, tenantId, t.id, ...writtenOf(t));

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
  after: Position,
  limit: number,
  { tag, externalReference }: TrunkFilter,
): Promise<Trunk[]> => tx.query(list, tenantId, after.createdAt, after.id, limit, externalReference, tag);

/** Those of them that are live, in no order. */
export const readTrunks = (tx: Tx, tenantId: string, ids: readonly string[]): Promise<Trunk[]> => tx.query(several, tenantId, ids);
