import type {
  AuthMode,
  CallerIdPolicy,
  ChannelGroupIntent,
  ChannelPoolIntent,
  Codec,
  DirectionCaps,
  GroupTarget,
  NumberIntent,
  RankedGateway,
  RegistrarIntent,
  SharedCredentialIntent,
  SrtpPolicy,
  TenantIntent,
  TrunkChannelsIntent,
  TrunkIntent,
  VerifiedRight,
} from '@trunkline/edge-core';
import type { ScheduleSettings } from '@trunkline/numbers';
import { sql } from '@trunkline/platform';

// Each read comes twice, of everything and of some ids: two plans, where one statement for both would scan for a single row.

export type TenantRow = {
  id: string;
  channelsMax: number | null;
  revision: number;
  holds: TenantIntent['holds'];
  verified: boolean;
  edgeName: string | null;
  disasterGroupId: string | null;
  planRevision: number | null;
  sipAddress: string | null;
  homeMovedAtSecs: number | null;
};
const TENANTS = `SELECT t.id, t.channels_max AS "channelsMax", t.revision, e.name AS "edgeName", e.sip_address AS "sipAddress",
    floor(extract(epoch FROM t.home_moved_at))::float8 AS "homeMovedAtSecs",
    n.verified_until IS NOT NULL AND n.verified_until > $1 AS verified,
    coalesce((SELECT jsonb_agg(jsonb_build_object('kind', h.kind, 'stops', h.stops)) FROM hold h WHERE h.tenant_id = t.id AND h.lifted_at IS NULL), '[]') AS holds,
    CASE WHEN p.active THEN p.group_id END AS "disasterGroupId", p.revision AS "planRevision"
  FROM tenant t LEFT JOIN tenant_node n ON n.id = t.id LEFT JOIN edge e ON e.id = t.home_edge_id LEFT JOIN disaster_plan p ON p.tenant_id = t.id`;
export const allTenants = sql<TenantRow>('edge-intent-tenants', TENANTS);
export const someTenants = sql<TenantRow>('edge-intent-tenants-some', `${TENANTS} WHERE t.id = ANY ($2::uuid[])`);

export type TrunkRow = {
  id: string;
  tenantId: string;
  enabled: boolean;
  channelsMax: number;
  country: string;
  allowedCountries: string[];
  defaultCallerId: string | null;
  inboundRoutes: TrunkIntent['inboundRoutes'];
  maxCallSecs: number | null;
  maxRingSecs: number | null;
  rerouteCodes: number[] | null;
  disasterRecoveryUri: string | null;
  revision: number;
  live: boolean;
  callsPerSecondMax: number | null;
  callerIdPolicy: CallerIdPolicy;
  passVerified: boolean;
  presenceNumbers: string[];
  techPrefix: string | null;
  tlsRequired: boolean;
  authMode: AuthMode;
  sourceNetworks: string[];
  codecs: Codec[] | null;
  srtp: SrtpPolicy;
  registration: TrunkIntent['registration'];
  calledNumberIn: TrunkIntent['calledNumberIn'];
  rejectAnonymous: boolean;
  channels: TrunkChannelsIntent | null;
  channelCaps: DirectionCaps;
};
const TRUNKS = `SELECT id, tenant_id AS "tenantId", enabled, channels_max AS "channelsMax", country, allowed_countries AS "allowedCountries",
    default_caller_id AS "defaultCallerId", inbound_routes AS "inboundRoutes", revision, deleted_at IS NULL AS live,
    calls_per_second_max AS "callsPerSecondMax", caller_id_policy AS "callerIdPolicy", tech_prefix AS "techPrefix", tls_required AS "tlsRequired",
    max_call_secs AS "maxCallSecs", max_ring_secs AS "maxRingSecs", reroute_codes AS "rerouteCodes", disaster_recovery_uri AS "disasterRecoveryUri",
    pass_verified AS "passVerified", presence_numbers AS "presenceNumbers",
    auth_mode AS "authMode", codecs, srtp, called_number_in AS "calledNumberIn", reject_anonymous AS "rejectAnonymous",
    ARRAY(SELECT format('%s', a.network) FROM trunk_address a
      WHERE a.tenant_id = trunk.tenant_id AND a.trunk_id = trunk.id AND a.released_at IS NULL ORDER BY 1) AS "sourceNetworks",
    json_build_object('contactsMax', registration_contacts_max, 'expiresMinSecs', registration_expires_min_secs,
      'expiresMaxSecs', registration_expires_max_secs) AS registration,
    (SELECT json_build_object('groupId', c.group_id, 'caps', json_build_object('both', NULL, 'inbound', c.cap_inbound, 'outbound', c.cap_outbound))
     FROM trunk_channels c WHERE c.tenant_id = trunk.tenant_id AND c.id = trunk.id) AS channels,
    json_build_object('inbound', own_cap_inbound, 'outbound', own_cap_outbound) AS "channelCaps" FROM trunk`;
export const liveTrunks = sql<TrunkRow>('edge-intent-trunks', `${TRUNKS} WHERE deleted_at IS NULL`);
export const someTrunks = sql<TrunkRow>('edge-intent-trunks-some', `${TRUNKS} WHERE id = ANY ($1::uuid[])`);

export type CredentialRow = {
  id: string;
  trunkId: string;
  username: string;
  ha1Md5Sealed: Buffer;
  oldHa1Md5Sealed: Buffer | null;
  live: boolean;
};
const CREDENTIALS = `SELECT c.id, c.trunk_id AS "trunkId", c.username, c.ha1_md5_sealed AS "ha1Md5Sealed", c.old_ha1_md5_sealed AS "oldHa1Md5Sealed",
    c.revoked_at IS NULL AND t.deleted_at IS NULL AS live
  FROM trunk t JOIN trunk_credential c ON c.tenant_id = t.tenant_id AND c.trunk_id = t.id`;
export const liveCredentials = sql<CredentialRow>(
  'edge-intent-credentials',
  `${CREDENTIALS} WHERE c.revoked_at IS NULL AND t.deleted_at IS NULL ORDER BY c.created_at, c.id`,
);
export const someCredentials = sql<CredentialRow>(
  'edge-intent-credentials-some',
  `${CREDENTIALS} WHERE t.id = ANY ($1::uuid[]) ORDER BY c.created_at, c.id`,
);
export const trunksOfUsernames = sql<{ trunkId: string }>(
  'edge-intent-trunks-of-usernames',
  `SELECT DISTINCT coalesce(c.trunk_id, l.trunk_id) AS "trunkId" FROM trunk_credential c
     LEFT JOIN trunk_credential_list l ON l.tenant_id = c.tenant_id AND l.credential_list_id = c.credential_list_id
   WHERE c.username = ANY ($1::text[]) AND num_nonnulls(c.trunk_id, l.trunk_id) > 0`,
);

/** Digest users of lists, with all the trunks that may call as them. */
export type SharedCredentialRow = Omit<CredentialRow, 'trunkId'> & { trunks: SharedCredentialIntent['trunks'] };
const SHARED = `SELECT c.id, c.username, c.ha1_md5_sealed AS "ha1Md5Sealed", c.old_ha1_md5_sealed AS "oldHa1Md5Sealed", c.revoked_at IS NULL AS live,
    coalesce((SELECT json_agg(json_build_object('trunkId', t.id, 'techPrefix', t.tech_prefix)) FROM trunk_credential_list l
      JOIN trunk t ON t.tenant_id = l.tenant_id AND t.id = l.trunk_id
      WHERE l.tenant_id = c.tenant_id AND l.credential_list_id = c.credential_list_id AND l.released_at IS NULL AND t.deleted_at IS NULL AND t.auth_mode <> 'ip'),
      '[]') AS trunks
  FROM trunk_credential c`;
export const liveSharedCredentials = sql<SharedCredentialRow>(
  'edge-intent-shared-credentials',
  `${SHARED} WHERE c.credential_list_id IS NOT NULL AND c.revoked_at IS NULL`,
);
/** Of every list that the trunks ever used: what they gave back is compiled anew without them. */
export const someSharedCredentials = sql<SharedCredentialRow>(
  'edge-intent-shared-credentials-some',
  `${SHARED} JOIN (SELECT DISTINCT tenant_id, credential_list_id FROM trunk_credential_list WHERE trunk_id = ANY ($1::uuid[])) u
     ON u.tenant_id = c.tenant_id AND u.credential_list_id = c.credential_list_id`,
);

/** Where edges register trunks. */
export type RegistrarRow = Omit<RegistrarIntent, 'ha1Md5'> & { trunkId: string; ha1Md5Sealed: Buffer };
const REGISTRARS = `SELECT id AS "trunkId", uri, username, realm, ha1_md5_sealed AS "ha1Md5Sealed", expires_secs AS "expiresSecs" FROM trunk_registrar`;
export const allRegistrars = sql<RegistrarRow>('edge-intent-registrars', REGISTRARS);
export const someRegistrars = sql<RegistrarRow>('edge-intent-registrars-some', `${REGISTRARS} WHERE id = ANY ($1::uuid[])`);

/** `network` as Postgres prints it, which is the one spelling: an address without /32. */
export type AddressRow = { network: string; trunkId: string; techPrefix: string | null };
const ADDRESSES = `SELECT network, trunk_id AS "trunkId", tech_prefix AS "techPrefix" FROM trunk_address`;
export const liveAddresses = sql<AddressRow>('edge-intent-addresses', `${ADDRESSES} WHERE released_at IS NULL AND identifies`);
/** All that the trunks ever had: what they gave back must go, or be somebody else's. */
export const networksOfTrunks = sql<{ network: string }>(
  'edge-intent-networks-of-trunks',
  `SELECT DISTINCT network FROM trunk_address WHERE trunk_id = ANY ($1::uuid[])`,
);
export const addressesAt = sql<AddressRow>(
  'edge-intent-addresses-at',
  `${ADDRESSES} WHERE released_at IS NULL AND identifies AND network = ANY ($1::inet[])`,
);
export const trunksOfNetworks = sql<{ trunkId: string }>(
  'edge-intent-trunks-of-networks',
  `SELECT DISTINCT trunk_id AS "trunkId" FROM trunk_address WHERE format('%s', network) = ANY ($1::text[])`,
);

/** `key` is that of the entry. */
export type VerifiedRow = { key: string; tenantId: string; e164: string; right: VerifiedRight };
const VERIFIED = `SELECT tenant_id || ':' || ltrim(e164, '+') AS key, tenant_id AS "tenantId", e164, "right" FROM verified_number
  WHERE state = 'verified' AND expires_at > $1`;
export const allVerified = sql<VerifiedRow>('edge-intent-verified', VERIFIED);
export const someVerified = sql<VerifiedRow>(
  'edge-intent-verified-some',
  `${VERIFIED} AND (tenant_id, e164) IN (SELECT split_part(key, ':', 1)::uuid, '+' || split_part(key, ':', 2) FROM unnest($2::text[]) key)`,
);

export const allowList = sql<{ network: string }>('edge-intent-allow-list', `SELECT network FROM edge_allow_entry`);

export type NumberRow = NumberIntent & { revision: number; live: boolean };
/** Nothing is looked up while no country requires an address. */
const EMERGENCY_MISSING = `CASE WHEN cardinality((SELECT required_countries FROM emergency_policy)) = 0 THEN false ELSE
    (SELECT i.country = ANY ((SELECT required_countries FROM emergency_policy)::text[]) FROM number_inventory i WHERE i.e164 = a.e164)
    AND NOT EXISTS (SELECT FROM emergency_registration r WHERE r.tenant_id = a.tenant_id AND r.number_id = a.id AND r.state IN ('active', 'updating'))
    AND NOT EXISTS (SELECT FROM emergency_waiver w WHERE w.tenant_id = a.tenant_id AND w.number_id = a.id) END`;
// a suspended number leads nowhere
const NUMBER_FIELDS = `a.e164, a.tenant_id AS "tenantId", CASE WHEN a.suspended_at IS NULL THEN a.trunk_id END AS "trunkId", ${EMERGENCY_MISSING} AS "emergencyMissing", a.revision,
    a.released_at IS NULL AS live, r.group_id AS "groupId", r.schedule_id AS "scheduleId", r.disaster_group_id AS "disasterGroupId",
    (SELECT json_build_object('poolId', c.pool_id, 'dedicated', c.dedicated, 'direction', c.direction, 'groupId', c.group_id,
       'caps', json_build_object('both', c.cap_both, 'inbound', c.cap_inbound, 'outbound', c.cap_outbound))
     FROM number_channels c WHERE c.tenant_id = a.tenant_id AND c.id = a.id) AS channels`;
const NUMBER_TABLES = `FROM number_assignment a LEFT JOIN number_routing r ON r.tenant_id = a.tenant_id AND r.number_id = a.id`;
const NUMBERS = `SELECT ${NUMBER_FIELDS} ${NUMBER_TABLES}`;
// on their way here: whoever has a number now keeps its calls until it comes. Nothing but its trunk is set yet
const EXPECTED_FIELDS = `x.e164, x.tenant_id AS "tenantId", x.trunk_id AS "trunkId", false AS "emergencyMissing", 0 AS revision, true AS live,
    NULL::uuid AS "groupId", NULL::uuid AS "scheduleId", NULL::uuid AS "disasterGroupId", NULL::json AS channels`;
const EXPECTED_TABLES = `FROM expected_number x WHERE NOT EXISTS (SELECT FROM number_assignment h WHERE h.e164 = x.e164 AND h.released_at IS NULL)`;
/** In the order of the index on `e164`, so many at a time. */
export const liveNumbersAfter = sql<NumberRow>(
  'edge-intent-numbers-after',
  `(${NUMBERS} WHERE released_at IS NULL AND e164 > $1 ORDER BY e164 LIMIT $2)
   UNION ALL (SELECT ${EXPECTED_FIELDS} ${EXPECTED_TABLES} AND e164 > $1 ORDER BY e164 LIMIT $2) ORDER BY e164 LIMIT $2`,
);
/** The latest assignment of each, released or not. */
export const someNumbers = sql<NumberRow>(
  'edge-intent-numbers-some',
  `SELECT DISTINCT ON (e164) n.* FROM (SELECT ${NUMBER_FIELDS}, a.created_at, a.id ${NUMBER_TABLES} WHERE e164 = ANY ($1::text[])
     UNION ALL SELECT ${EXPECTED_FIELDS}, x.created_at, x.id ${EXPECTED_TABLES} AND e164 = ANY ($1::text[])) n
   ORDER BY e164, live DESC, created_at DESC, id DESC`,
);

const POOLS = `SELECT p.id, p.channels, o.included_per_number AS "includedPerNumber", p.revision FROM channel_pool p JOIN channel_offer o ON o.id = p.offer_id`;
export const allChannelPools = sql<ChannelPoolRow>('edge-intent-channel-pools', POOLS);
export const someChannelPools = sql<ChannelPoolRow>('edge-intent-channel-pools-some', `${POOLS} WHERE p.id = ANY ($1::uuid[])`);
export type ChannelPoolRow = ChannelPoolIntent & { revision: number };

const CHANNEL_GROUPS = `SELECT id, pool_id AS "poolId", shared, metered_max AS "meteredMax", direction,
    json_build_object('both', cap_both, 'inbound', cap_inbound, 'outbound', cap_outbound) AS caps, revision FROM channel_group`;
export const allChannelGroups = sql<ChannelGroupRow>('edge-intent-channel-groups', CHANNEL_GROUPS);
export const someChannelGroups = sql<ChannelGroupRow>('edge-intent-channel-groups-some', `${CHANNEL_GROUPS} WHERE id = ANY ($1::uuid[])`);
export type ChannelGroupRow = ChannelGroupIntent & { revision: number };

export type GroupRow = { id: string; tenantId: string; ringAll: boolean; targets: GroupTarget[]; revision: number };
const GROUPS = `SELECT id, tenant_id AS "tenantId", strategy = 'ring_all' AS "ringAll", targets, revision FROM inbound_group`;
export const inboundGroups = sql<GroupRow>('edge-intent-groups', GROUPS);
export const someGroups = sql<GroupRow>('edge-intent-groups-some', `${GROUPS} WHERE id = ANY ($1::uuid[])`);

/** `year`: now, by the database's clock. */
export type ScheduleRow = ScheduleSettings & { id: string; revision: number; year: number };
const SCHEDULES = `SELECT id, name, time_zone AS "timeZone", rules, holidays, otherwise_group_id AS "otherwiseGroupId", revision,
    extract(year FROM clock_timestamp() AT TIME ZONE 'UTC')::int AS year FROM inbound_schedule`;
export const inboundSchedules = sql<ScheduleRow>('edge-intent-schedules', SCHEDULES);
export const someSchedules = sql<ScheduleRow>('edge-intent-schedules-some', `${SCHEDULES} WHERE id = ANY ($1::uuid[])`);

export type GatewayRow = { id: string; carrierId: string; uri: string; sourceAddresses: string[] };
export const gateways = sql<GatewayRow>(
  'edge-intent-gateways',
  `SELECT g.id, g.carrier_id AS "carrierId", g.uri, g.source_addresses AS "sourceAddresses"
   FROM carrier_gateway g JOIN carrier c ON c.id = g.carrier_id WHERE c.enabled ORDER BY g.created_at, g.id`,
);

const routesBy = (
  column: string,
  kind: string,
) => `SELECT r.${column}, json_agg(json_build_object('gatewayId', r.gateway_id, 'priority', r.priority, 'weight', r.weight)
    ORDER BY r.priority, r.created_at, r.id) AS gateways
  FROM carrier_route r JOIN carrier_gateway g ON g.id = r.gateway_id JOIN carrier c ON c.id = g.carrier_id
  WHERE r.kind = '${kind}' AND c.enabled GROUP BY r.${column}`;
export const routes = sql<{ prefix: string; gateways: RankedGateway[] }>('edge-intent-routes', routesBy('prefix', 'pstn'));
export const emergencyRoutes = sql<{ country: string; gateways: RankedGateway[] }>(
  'edge-intent-emergency',
  routesBy('country', 'emergency'),
);
export const trunkCountries = sql<{ country: string }>(
  'edge-intent-countries',
  `SELECT DISTINCT country FROM trunk WHERE deleted_at IS NULL`,
);
