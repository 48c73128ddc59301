import type { ChannelCaps } from '../channels/channel-kind.ts';
import { COUNTRY_PREFIXES } from '../numbering/country-prefixes.ts';
import { INTERNATIONAL_PLAN } from '../numbering/dialled-number.ts';
import { diallingPlanOf } from '../numbering/dialling-plan.ts';
import { emergencyNumbersOf } from '../numbering/emergency-numbers.ts';
import type {
  GatewayIntent,
  Intent,
  NumberIntent,
  RankedGateway,
  SharedCredentialIntent,
  TenantIntent,
  TrunkAddressIntent,
  TrunkIntent,
} from '../intent.ts';
import type { EntryKind } from '../protocol.ts';
import { ANY, RESTRICTED, emergencyKey, registrarKey, verifiedKey } from './entry-values.ts';
import type {
  AllowListValue,
  ChannelGroupValue,
  ChannelPoolValue,
  CountryValue,
  CredentialValue,
  InboundGroupValue,
  NumberChannels,
  NumberValue,
  PbxTrunk,
  PbxValue,
  ScheduleValue,
  PresenceValue,
  RegistrarValue,
  SourceValue,
  Target,
  TargetsValue,
  TenantValue,
  TrunkValue,
  VerifiedValue,
} from './entry-values.ts';
import { isTargetUri } from './sip-uri.ts';

/** Outbound calls a second of a trunk that names no rate of its own. */
export const DEFAULT_CALLS_PER_SECOND = 10;

export type CompiledEntry = { readonly kind: EntryKind; readonly key: string; readonly value: string };

/**
 * The entries that make an edge do what is wanted: one row per (kind, key), sorted, so that the same intent gives the same bytes. Equal
 * keys (two gateways behind one address, one user name on two trunks) keep the first in the intent's own order. Gateway and route URIs that
 * are no plain SIP URI are left out: they could not be called.
 */
export const compile = (intent: Intent): readonly CompiledEntry[] => {
  const entries = new Map<string, CompiledEntry>();
  const take = (entry: CompiledEntry): void => {
    if (!entries.has(`${entry.kind} ${entry.key}`)) entries.set(`${entry.kind} ${entry.key}`, entry);
  };
  const add = (kind: EntryKind, key: string, value: unknown): void => take({ kind, key, value: JSON.stringify(value) });
  for (const tenant of intent.tenants) add('tenant', tenant.id, tenantValue(tenant));
  for (const trunk of intent.trunks) add('trunk', trunk.id, trunkValue(trunk));
  for (const trunk of intent.trunks) if (trunk.presenceNumbers.length > 0) add('presence', trunk.id, presenceValue(trunk));
  for (const v of intent.verified) add('verified', verifiedKey(v.tenantId, digitsOf(v.e164)), { right: v.right } satisfies VerifiedValue);
  for (const [username, value] of credentials(intent.trunks)) add('credential', username, value);
  for (const trunk of intent.trunks) {
    const registrar = registrarValue(trunk);
    if (registrar !== null) add('credential', registrarKey(trunk.id), registrar);
  }
  for (const shared of intent.sharedCredentials) if (shared.trunks.length > 0) add('credential', shared.username, sharedCredential(shared));
  for (const n of intent.numbers) take(numberEntry(n));
  for (const { id, ...group } of intent.inboundGroups) add('inbound_group', id, groupValue(group));
  for (const { id, ...schedule } of intent.schedules) add('schedule', id, schedule satisfies ScheduleValue);
  for (const g of intent.gateways)
    for (const ip of g.sourceAddresses) add('source', ip, { carrierId: g.carrierId, gatewayId: g.id } satisfies SourceValue);
  const targetsOf = targetsFrom(intent.gateways);
  for (const route of intent.routes) add('route', route.prefix || ANY, targetsOf(route.gateways));
  for (const [key, value] of emergencies(intent, targetsOf)) add('emergency', key, value);
  for (const [country, prefixes] of Object.entries(COUNTRY_PREFIXES))
    for (const p of prefixes.split(' ')) add('country', p, country satisfies CountryValue);
  for (const [network, value] of pbxs(intent.trunkAddresses)) add('pbx', network, value);
  for (const { id, ...pool } of intent.channelPools) add('channel_pool', id, poolValue(pool));
  for (const { id, ...group } of intent.channelGroups) add('channel_group', id, channelGroupValue(group));
  if (intent.allowList.length > 0) add('allow_list', ANY, allowListValue(intent.allowList));
  return [...entries.values()].sort((a, b) => order(a.kind, b.kind) || order(a.key, b.key));
};

/** The entry of one number. There may be a million, and each follows from itself alone: a comparison can take them piece by piece. */
export const numberEntry = ({ e164, tenantId, trunkId, channels, emergencyMissing, ...inbound }: NumberIntent): CompiledEntry => {
  const { groupId, scheduleId, disasterGroupId } = inbound;
  const said = { groupId: groupId ?? undefined, scheduleId: scheduleId ?? undefined, disasterGroupId: disasterGroupId ?? undefined };
  const counted = { channels: channels ? numberChannels(channels) : undefined, emergencyMissing: emergencyMissing || undefined };
  const value = { tenantId, trunkId, ...said, ...counted } satisfies Said<NumberValue>;
  return { kind: 'number', key: digitsOf(e164), value: JSON.stringify(value) };
};

/** A value whose fields that say nothing are left out. */
type Said<T> = { readonly [K in keyof T]?: T[K] | undefined };

const numberChannels = ({ poolId, dedicated, direction, groupId, caps }: NumberChannels): NumberChannels => ({
  ...{ poolId, dedicated, direction, groupId },
  caps: capsValue(caps),
});

// in one order of the fields, whatever the order in which they were read
const capsValue = ({ both, inbound, outbound }: ChannelCaps): ChannelCaps => ({ both, inbound, outbound });

const poolValue = ({ channels, includedPerNumber }: ChannelPoolValue): ChannelPoolValue => ({ channels, includedPerNumber });

const channelGroupValue = ({ poolId, shared, meteredMax, direction, caps }: ChannelGroupValue): ChannelGroupValue => ({
  ...{ poolId, shared, meteredMax, direction },
  caps: capsValue(caps),
});

const digitsOf = (e164: string): string => e164.replace('+', '');

const presenceValue = (t: TrunkIntent): PresenceValue => ({ numbers: t.presenceNumbers.map(digitsOf).sort(order) });

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// an edge that knows no `restricted` takes it for one more reason to refuse all
const holdText = ({ kind, stops }: TenantIntent['holds'][number]): string => (stops === 'outbound' ? RESTRICTED : kind);

const tenantValue = (t: TenantIntent): Said<TenantValue> => ({
  channelsMax: t.channelsMax,
  holds: [...new Set(t.holds.map(holdText))].sort(order),
  home: t.homeEdge && {
    name: t.homeEdge.name,
    sipAddress: t.homeEdge.sipAddress,
    ...(t.homeMovedAtSecs && { sinceSecs: t.homeMovedAtSecs }),
  },
  verified: t.verified,
  disasterGroupId: t.disasterGroupId ?? undefined,
});

/** A target that could not be called is left out. */
const groupValue = (g: InboundGroupValue): InboundGroupValue => ({
  ...g,
  targets: g.targets.filter((t) => t.uri === null || isTargetUri(t.uri)),
});

const trunkValue = (t: TrunkIntent): Omit<TrunkValue, 'channels' | 'channelCaps'> & Partial<TrunkValue> => {
  const inbound = t.inboundRoutes.filter((r) => isTargetUri(r.uri)).sort((a, b) => a.priority - b.priority);
  return {
    tenantId: t.tenantId,
    enabled: t.enabled,
    channelsMax: t.channelsMax,
    country: t.country,
    plan: diallingPlanOf(t.country) ?? INTERNATIONAL_PLAN,
    allowedCountries: [...t.allowedCountries].sort(order),
    defaultCallerId: t.defaultCallerId,
    inboundRoutes: inbound.map((r) => r.uri),
    callsPerSecondMax: t.callsPerSecondMax ?? DEFAULT_CALLS_PER_SECOND,
    callerIdPolicy: t.callerIdPolicy,
    techPrefix: t.techPrefix,
    tlsRequired: t.tlsRequired,
    maxCallSecs: t.maxCallSecs,
    maxRingSecs: t.maxRingSecs,
    inboundRanks: inbound.map(({ priority, weight }) => ({ priority, weight })),
    rerouteCodes: t.rerouteCodes,
    disasterRecoveryUri: t.disasterRecoveryUri !== null && isTargetUri(t.disasterRecoveryUri) ? t.disasterRecoveryUri : null,
    onlyFrom: t.authMode === 'both' ? [...t.sourceNetworks].sort(order) : null,
    codecs: t.codecs,
    srtp: t.srtp,
    registration: t.registration,
    calledNumberIn: t.calledNumberIn,
    rejectAnonymous: t.rejectAnonymous,
    ...(t.channels && { channels: { groupId: t.channels.groupId, caps: capsValue(t.channels.caps) } }),
    ...ownCaps(t),
    passVerified: t.passVerified,
    localPresence: t.presenceNumbers.length > 0,
  };
};

// an edge that does not know it yet holds the trunk to `channelsMax` alone
const ownCaps = ({ channels, channelCaps }: TrunkIntent): Partial<Pick<TrunkValue, 'channelCaps'>> => {
  if (channels || !channelCaps || (channelCaps.inbound ?? channelCaps.outbound) === null) return {};
  return { channelCaps: { inbound: channelCaps.inbound, outbound: channelCaps.outbound } };
};

/** A trunk that is disabled is registered nowhere. */
const registrarValue = ({ id, tenantId, enabled, registrar }: TrunkIntent): RegistrarValue | null => {
  if (!registrar || !enabled || !isTargetUri(registrar.uri)) return null;
  const { uri, username, realm, ha1Md5, expiresSecs } = registrar;
  return { trunkId: id, tenantId, uri, username, realm, ha1Md5, expiresSecs };
};

/** Kamailio knows networks only: a single address is one of 32 bits. */
const allowListValue = (networks: readonly string[]): AllowListValue => ({
  networks: networks
    .map((n) => (n.includes('/') ? n : `${n}/32`))
    .sort(order)
    .join(),
});

/** Of trunks that share an address or a digest user those with a tech prefix come first: the one without takes what is left. */
const byTechPrefix = (a: PbxTrunk, b: PbxTrunk): number => order(rankOf(a), rankOf(b));
const rankOf = (t: PbxTrunk): string => `${t.techPrefix === null ? 1 : 0}${t.techPrefix ?? ''} ${t.trunkId}`;

const sharedCredential = ({ ha1Md5, trunks }: SharedCredentialIntent): CredentialValue => {
  const sorted = trunks.map(({ trunkId, techPrefix }) => ({ trunkId, techPrefix })).sort(byTechPrefix);
  const only = { trunkId: sorted[0]?.trunkId ?? '', ha1: [...ha1Md5] };
  return sorted.length > 1 ? { ...only, trunks: sorted } : only;
};

function pbxs(addresses: readonly TrunkAddressIntent[]): Map<string, PbxValue> {
  const found = new Map<string, PbxValue>();
  for (const { network, trunkId, techPrefix } of addresses) {
    const trunks = [...(found.get(network)?.trunks ?? []), { trunkId, techPrefix }];
    found.set(network, { trunks: trunks.sort(byTechPrefix) });
  }
  return found;
}

function credentials(trunks: readonly TrunkIntent[]): Map<string, CredentialValue> {
  const found = new Map<string, CredentialValue>();
  for (const trunk of trunks) {
    if (trunk.authMode === 'ip') continue; // no password is good for it
    for (const { username, ha1Md5 } of trunk.credentials) {
      const before = found.get(username);
      if (before === undefined) found.set(username, { trunkId: trunk.id, ha1: [ha1Md5] });
      else if (before.trunkId === trunk.id) found.set(username, { trunkId: trunk.id, ha1: [...before.ha1, ha1Md5] });
    }
  }
  return found;
}

type TargetsOf = (gateways: readonly RankedGateway[]) => TargetsValue;

function targetsFrom(gateways: readonly GatewayIntent[]): TargetsOf {
  const targets = new Map<string, Target>();
  for (const g of gateways) if (isTargetUri(g.uri)) targets.set(g.id, { uri: g.uri, carrierId: g.carrierId });
  return (ranked) => ({
    targets: [...ranked]
      .sort((a, b) => a.priority - b.priority)
      .flatMap(({ gatewayId, priority, weight }) => {
        const target = targets.get(gatewayId);
        return target ? [{ ...target, priority, weight }] : [];
      }),
  });
}

/** Each emergency number of each country that has trunks or a route, and one for calls whose trunk cannot be read. */
function emergencies(intent: Intent, targetsOf: TargetsOf): [string, TargetsValue][] {
  const gatewaysOf = new Map(intent.emergencyRoutes.map((r) => [r.country, r.gateways]));
  const countries = [...new Set([...gatewaysOf.keys(), ...intent.trunks.map((t) => t.country)])].sort(order);
  const entries = countries.flatMap((country) =>
    emergencyNumbersOf(country).map((n): [string, string, TargetsValue] => [country, n, targetsOf(gatewaysOf.get(country) ?? [])]),
  );
  const anywhere = entries.filter(([, , value]) => value.targets.length > 0);
  return [...entries, ...anywhere].map(([country, n, value], i) => [emergencyKey(i < entries.length ? country : ANY, n), value]);
}
