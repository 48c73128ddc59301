import type { TargetHealth } from '@trunkline/carriers';
import { targetHealthOut } from '@trunkline/carriers/server';
import { CODEC_NAMES } from '@trunkline/edge-core';
import { networksOverlap, toPublicId } from '@trunkline/kernel';
import { country, e164In, idIn, idOut, ipv4NetworkIn, sipUriIn, tagsIn, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { AUTH_MODES, CALLED_NUMBER_PLACES, CALLER_ID_POLICIES, SRTP_POLICIES } from '../core/trunk.ts';
import type { Trunk } from '../core/trunk.ts';
import type { Credential } from './credentials.sql.ts';
import { provisioningOut, provisioningToWire } from './provisioning.ts';
import type { Provisioning } from './provisioning.ts';

const inboundRoute = z.strictObject({
  uri: sipUriIn(),
  priority: z.int().min(0).max(65_535).describe('Lowest first'),
  weight: z.int().min(1).max(100).default(1).describe('Share of the calls among routes of equal priority'),
});
const fields = {
  name: text(80).describe('Unique in the tenant').meta({ example: 'Berlin office' }),
  country: country().describe('Where the PBX is: national dialling and emergency numbers'),
  channels_max: z.int().min(1).max(10_000).describe('Calls at one time, both directions'),
  enabled: z.boolean(),
  default_caller_id: e164In().nullable(),
  allowed_countries: z.array(country()).max(250).describe('Destinations that may be called; none until opened'),
  inbound_routes: z.array(inboundRoute).max(10).describe('Where calls to the trunk’s numbers go; empty: to the registered PBX'),
  external_reference: text(120).nullable(),
  tags: tagsIn(),
  ip_addresses: z
    .array(ipv4NetworkIn(24))
    .max(20)
    .refine((list) => list.every((a, i) => list.every((b, j) => i === j || !networksOverlap(a, b))), 'names an address twice')
    .describe('Calls from there are this trunk’s, without a password'),
  tech_prefix: z
    .string()
    .regex(/^[0-9#*]{2,10}$/, 'must be 2 to 10 digits, # or *')
    .nullable()
    .describe('Dialled before the number; tells trunks at one address apart')
    .meta({ example: '22#' }),
  calls_per_second_max: z
    .int()
    .min(1)
    .max(1_000)
    .nullable()
    .describe('Outbound calls that may begin within any one second; null: 10. Emergency calls are not limited'),
  caller_id_policy: z
    .enum(CALLER_ID_POLICIES)
    .describe(
      'For a caller ID that is none of your numbers: refuse the call, present default_caller_id, or let it through if you verified it',
    ),
  tls_required: z.boolean().describe('Refuses calls that come over UDP or TCP, except emergency calls'),
  max_call_secs: z.int().min(1).max(86_400).nullable().describe('The longest a call may last; null: four hours'),
  max_ring_secs: z
    .int()
    .min(5)
    .max(180)
    .nullable()
    .describe('How long an inbound call may ring at each place where it is tried; null: two minutes'),
  reroute_codes: z
    .array(z.int().min(300).max(699))
    .max(50)
    .nullable()
    .describe('SIP answers that send an inbound call to its next route; null: 408, which is also silence, and every 5xx')
    .meta({ example: [408, 480, 503] }),
  disaster_recovery_uri: sipUriIn()
    .nullable()
    .describe('Where inbound calls go when every route failed with a reroute code, or there is neither a route nor a registered PBX'),
  presence_numbers: z
    .array(e164In())
    .max(200)
    .describe('Local presence: of these numbers of yours the one nearest to whom is called is presented, if one is of the same area'),
  auth_mode: z
    .enum(AUTH_MODES)
    .describe('What proves that a call is this trunk’s: an address or a password, one of them alone, or both together'),
  ip_list_ids: z.array(idIn('ipList')).max(5).describe('Lists of addresses that are this trunk’s beside its own'),
  credential_list_ids: z.array(idIn('credentialList')).max(5).describe('Lists of digest users that are this trunk’s beside its own'),
  codecs: z
    .array(z.enum(CODEC_NAMES))
    .min(1)
    .max(CODEC_NAMES.length)
    .refine((list) => new Set(list).size === list.length, 'names a codec twice')
    .nullable()
    .describe(
      'The audio codecs that calls may offer, the best first; others are taken out of the offer, and without any left the answer is 488. Null: any',
    ),
  srtp: z
    .enum(SRTP_POLICIES)
    .describe('Whether calls may, or must, offer encrypted media (RTP/SAVP); what does not fit is answered with 488'),
  registration_contacts_max: z.int().min(1).max(20).nullable().describe('Contacts that may be registered at one time; null: 5'),
  registration_expires_min_secs: z
    .int()
    .min(60)
    .max(3_600)
    .nullable()
    .describe('A registration for less is answered with 423; null: it is made 60 seconds'),
  called_number_in: z
    .enum(CALLED_NUMBER_PLACES)
    .describe(
      'Where a registered PBX finds the called number: in the Request-URI, or in To alone, for telephones that answer to their own contact only',
    ),
  registration_expires_max_secs: z.int().min(60).max(3_600).nullable().describe('A registration for more is shortened to this; null: 3600'),
  reject_anonymous: z
    .boolean()
    .describe('Refuses inbound calls whose caller withholds its number: From says anonymous, or Privacy says id; the answer is 433'),
};

export const newTrunk = z
  .strictObject({
    ...fields,
    enabled: fields.enabled.default(true),
    default_caller_id: fields.default_caller_id.default(null),
    allowed_countries: fields.allowed_countries.default([]),
    inbound_routes: fields.inbound_routes.default([]),
    external_reference: fields.external_reference.default(null),
    tags: fields.tags.default([]),
    ip_addresses: fields.ip_addresses.default([]),
    tech_prefix: fields.tech_prefix.default(null),
    calls_per_second_max: fields.calls_per_second_max.default(null),
    caller_id_policy: fields.caller_id_policy.default('reject'),
    tls_required: fields.tls_required.default(false),
    max_call_secs: fields.max_call_secs.default(null),
    max_ring_secs: fields.max_ring_secs.default(null),
    reroute_codes: fields.reroute_codes.default(null),
    disaster_recovery_uri: fields.disaster_recovery_uri.default(null),
    presence_numbers: fields.presence_numbers.default([]),
    auth_mode: fields.auth_mode.default('either'),
    ip_list_ids: fields.ip_list_ids.default([]),
    credential_list_ids: fields.credential_list_ids.default([]),
    codecs: fields.codecs.default(null),
    srtp: fields.srtp.default('optional'),
    registration_contacts_max: fields.registration_contacts_max.default(null),
    registration_expires_min_secs: fields.registration_expires_min_secs.default(null),
    registration_expires_max_secs: fields.registration_expires_max_secs.default(null),
    called_number_in: fields.called_number_in.default('request_uri'),
    reject_anonymous: fields.reject_anonymous.default(false),
  })
  .meta({ id: 'NewTrunk' });
export type NewTrunkBody = z.infer<typeof newTrunk>;

export const trunkChange = z.strictObject(fields).partial().meta({ id: 'TrunkChange' });
export type TrunkChangeBody = z.infer<typeof trunkChange>;

export const trunkOut = z
  .strictObject({
    id: idOut('trunk'),
    object: z.literal('trunk'),
    name: z.string(),
    country: z.string(),
    channels_max: z.int(),
    enabled: z.boolean(),
    default_caller_id: z.string().nullable(),
    allowed_countries: z.array(z.string()),
    inbound_routes: z.array(z.strictObject({ uri: z.string(), priority: z.int(), weight: z.int(), health: targetHealthOut })),
    external_reference: z.string().nullable(),
    tags: z.array(z.string()),
    ip_addresses: z.array(z.string()),
    tech_prefix: z.string().nullable(),
    calls_per_second_max: z.int().nullable(),
    caller_id_policy: z.enum(CALLER_ID_POLICIES),
    tls_required: z.boolean(),
    max_call_secs: z.int().nullable(),
    max_ring_secs: z.int().nullable(),
    reroute_codes: z.array(z.int()).nullable(),
    disaster_recovery_uri: z.string().nullable(),
    presence_numbers: z.array(z.string()),
    auth_mode: z.enum(AUTH_MODES),
    ip_list_ids: z.array(idOut('ipList')),
    credential_list_ids: z.array(idOut('credentialList')),
    codecs: z.array(z.enum(CODEC_NAMES)).nullable(),
    srtp: z.enum(SRTP_POLICIES),
    registration_contacts_max: z.int().nullable(),
    registration_expires_min_secs: z.int().nullable(),
    registration_expires_max_secs: z.int().nullable(),
    called_number_in: z.enum(CALLED_NUMBER_PLACES),
    reject_anonymous: z.boolean(),
    revision: z.int(),
    provisioning: provisioningOut,
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'Trunk' });

export const trunkToWire = (
  t: Trunk,
  provisioning: Provisioning | undefined,
  health: ReadonlyMap<string, TargetHealth> = new Map(),
): z.infer<typeof trunkOut> => ({
  id: toPublicId('trunk', t.id),
  object: 'trunk',
  name: t.name,
  country: t.country,
  channels_max: t.channelsMax,
  enabled: t.enabled,
  default_caller_id: t.defaultCallerId,
  allowed_countries: [...t.allowedCountries],
  inbound_routes: t.inboundRoutes.map(({ uri, priority, weight }) => ({ uri, priority, weight, health: health.get(uri) ?? 'unknown' })),
  external_reference: t.externalReference,
  tags: [...t.tags],
  ip_addresses: [...t.ipAddresses],
  tech_prefix: t.techPrefix,
  calls_per_second_max: t.callsPerSecondMax,
  caller_id_policy: t.callerIdPolicy,
  tls_required: t.tlsRequired,
  max_call_secs: t.maxCallSecs,
  max_ring_secs: t.maxRingSecs,
  reroute_codes: t.rerouteCodes && [...t.rerouteCodes],
  disaster_recovery_uri: t.disasterRecoveryUri,
  presence_numbers: [...t.presenceNumbers],
  auth_mode: t.authMode,
  ip_list_ids: t.ipListIds.map((id) => toPublicId('ipList', id)),
  credential_list_ids: t.credentialListIds.map((id) => toPublicId('credentialList', id)),
  codecs: t.codecs && [...t.codecs],
  srtp: t.srtp,
  registration_contacts_max: t.registrationContactsMax,
  registration_expires_min_secs: t.registrationExpiresMinSecs,
  registration_expires_max_secs: t.registrationExpiresMaxSecs,
  called_number_in: t.calledNumberIn,
  reject_anonymous: t.rejectAnonymous,
  revision: t.revision,
  provisioning: provisioningToWire(t.revision, provisioning),
  created_at: t.createdAt.toISOString(),
  updated_at: t.updatedAt.toISOString(),
});

export const credentialOut = z
  .strictObject({
    id: idOut('credential'),
    object: z.literal('credential'),
    trunk_id: idOut('trunk').nullable(),
    credential_list_id: idOut('credentialList').nullable().describe('The list it is of, when it is no trunk’s own'),
    username: z.string(),
    realm: z.string(),
    created_at: timestampOut(),
    revoked_at: timestampOut().nullable(),
    old_valid_until: timestampOut().nullable().describe('Until when the password before the present one is valid, too'),
  })
  .meta({ id: 'Credential' });
export const credentialRotation = z
  .strictObject({
    overlap_secs: z.int().min(0).max(604_800).default(86_400).describe('How long the old password stays valid; 0: not at all'),
  })
  .default({ overlap_secs: 86_400 })
  .meta({ id: 'CredentialRotation' });
export type CredentialRotationBody = z.infer<typeof credentialRotation>;

export const createdCredentialOut = credentialOut
  .extend({ password: z.string().describe('Shown this once') })
  .meta({ id: 'CreatedCredential' });

export const credentialToWire = (c: Credential, realm: string): z.infer<typeof credentialOut> => ({
  id: toPublicId('credential', c.id),
  object: 'credential',
  trunk_id: c.trunkId && toPublicId('trunk', c.trunkId),
  credential_list_id: c.credentialListId && toPublicId('credentialList', c.credentialListId),
  username: c.username,
  realm,
  created_at: c.createdAt.toISOString(),
  revoked_at: c.revokedAt?.toISOString() ?? null,
  old_valid_until: c.oldValidUntil?.toISOString() ?? null,
});
