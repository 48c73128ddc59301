import type { DiallingPlan } from '../numbering/dialled-number.ts';
import type { ChannelCaps, ChannelDirection, DirectionCaps } from '../channels/channel-kind.ts';
import type { CallerIdPolicy, Rank, RegistrationLimits, SrtpPolicy, VerifiedRight } from '../intent.ts';
import { isCodec } from '../media/codecs.ts';
import type { Codec } from '../media/codecs.ts';
import type {
  ChannelGroupValue,
  ChannelPoolValue,
  GroupTarget,
  CredentialValue,
  HomeEdge,
  InboundGroupValue,
  NumberChannels,
  NumberValue,
  PbxTrunk,
  PbxValue,
  PresenceValue,
  RankedTarget,
  RegistrarValue,
  ScheduleValue,
  SourceValue,
  Span,
  TargetsValue,
  TenantValue,
  TrunkChannels,
  TrunkValue,
  VerifiedValue,
} from './entry-values.ts';

/**
 * Entry values read back from their JSON text, every field type-checked: a cap of `"abc"` must not compare as "no limit". A faulty value
 * throws, and the edge then refuses the call. Written for ES5, as it runs inside Kamailio.
 */
type Fields = Readonly<Record<string, unknown>>;

const fault = (what: string): never => {
  throw new Error('faulty entry: ' + what);
};

const fieldsOf = (value: unknown, what: string): Fields =>
  typeof value === 'object' && value !== null && !(value instanceof Array) ? (value as Fields) : fault(what);

const parse = (text: string, what: string): Fields => fieldsOf(JSON.parse(text), what);

const string = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : fault(name);
};

const stringOrNull = (fields: Fields, name: string): string | null => (fields[name] === null ? null : string(fields, name));

const count = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' && value >= 0 && value === Math.floor(value) ? value : fault(name);
};

const flag = (fields: Fields, name: string): boolean => {
  const value = fields[name];
  return typeof value === 'boolean' ? value : fault(name);
};

const list = <T>(fields: Fields, name: string, read: (item: unknown, at: number) => T): readonly T[] => {
  const value = fields[name];
  return value instanceof Array ? value.map(read) : fault(name);
};

/** Also of an entry that was compiled before the field was known. */
const isAbsent = (fields: Fields, name: string): boolean => fields[name] === undefined || fields[name] === null;

const countOrNull = (fields: Fields, name: string): number | null => (isAbsent(fields, name) ? null : count(fields, name));

const stringOrAbsent = (fields: Fields, name: string): string | null => (isAbsent(fields, name) ? null : string(fields, name));
/** Also of an entry that was compiled before the flag was known. */
const flagIfAny = (fields: Fields, name: string): boolean => (isAbsent(fields, name) ? false : flag(fields, name));

const text = (value: unknown): string => (typeof value === 'string' ? value : fault('list item'));

const planOf = (value: unknown): DiallingPlan => {
  const f = fieldsOf(value, 'plan');
  return {
    callingCode: string(f, 'callingCode'),
    international: string(f, 'international'),
    national: string(f, 'national'),
    nationalLength: count(f, 'nationalLength'),
  };
};

const homeOf = (value: unknown): HomeEdge | null => {
  if (value === null) return null;
  const f = fieldsOf(value, 'home');
  return { name: string(f, 'name'), sipAddress: string(f, 'sipAddress'), sinceSecs: countOrNull(f, 'sinceSecs') };
};

/** Without one: in the place it is listed at. */
const rankOf = (f: Fields, at: number): Rank => ({
  priority: isAbsent(f, 'priority') ? at : count(f, 'priority'),
  weight: isAbsent(f, 'weight') ? 1 : count(f, 'weight'),
});

const targetOf = (value: unknown, at: number): RankedTarget => {
  const f = fieldsOf(value, 'target');
  const { priority, weight } = rankOf(f, at);
  return { uri: string(f, 'uri'), carrierId: string(f, 'carrierId'), priority, weight };
};

const sipCode = (value: unknown): number => (typeof value === 'number' && value >= 300 && value < 700 ? value : fault('SIP code'));

const policyOf = (value: unknown): CallerIdPolicy => (value === 'reject' || value === 'replace' ? value : fault('callerIdPolicy'));

const rightOf = (value: unknown): VerifiedRight => (value === 'verified' || value === 'documented' ? value : fault('right'));

const srtpOf = (value: unknown): SrtpPolicy =>
  value === 'disabled' || value === 'optional' || value === 'required' ? value : fault('srtp');

const codecOf = (value: unknown): Codec => (typeof value === 'string' && isCodec(value) ? value : fault('codec'));

const registrationOf = (value: unknown): RegistrationLimits => {
  const f = fieldsOf(value, 'registration');
  return {
    contactsMax: countOrNull(f, 'contactsMax'),
    expiresMinSecs: countOrNull(f, 'expiresMinSecs'),
    expiresMaxSecs: countOrNull(f, 'expiresMaxSecs'),
  };
};

const pbxTrunkOf = (value: unknown): PbxTrunk => {
  const f = fieldsOf(value, 'pbx trunk');
  return { trunkId: string(f, 'trunkId'), techPrefix: stringOrNull(f, 'techPrefix') };
};

const capsOf = (value: unknown): ChannelCaps => {
  const f = fieldsOf(value, 'caps');
  return { both: countOrNull(f, 'both'), inbound: countOrNull(f, 'inbound'), outbound: countOrNull(f, 'outbound') };
};

const directionCapsOf = (value: unknown): DirectionCaps => {
  if (value === undefined) return { inbound: null, outbound: null };
  const f = fieldsOf(value, 'channel caps');
  return { inbound: countOrNull(f, 'inbound'), outbound: countOrNull(f, 'outbound') };
};

const directionOf = (value: unknown): ChannelDirection =>
  value === 'both' || value === 'inbound' || value === 'outbound' ? value : fault('direction');

const trunkChannelsOf = (value: unknown): TrunkChannels => {
  const f = fieldsOf(value, 'trunk channels');
  return { groupId: string(f, 'groupId'), caps: capsOf(f.caps) };
};

const numberChannelsOf = (value: unknown): NumberChannels => {
  const f = fieldsOf(value, 'number channels');
  return {
    poolId: stringOrNull(f, 'poolId'),
    dedicated: count(f, 'dedicated'),
    direction: directionOf(f.direction),
    groupId: stringOrNull(f, 'groupId'),
    caps: capsOf(f.caps),
  };
};

export const readTenant = (json: string): TenantValue => {
  const f = parse(json, 'tenant');
  return {
    channelsMax: f.channelsMax === null ? null : count(f, 'channelsMax'),
    holds: list(f, 'holds', text),
    home: homeOf(f.home),
    disasterGroupId: stringOrAbsent(f, 'disasterGroupId'),
    verified: flagIfAny(f, 'verified'),
  };
};

export const readTrunk = (json: string): TrunkValue => {
  const f = parse(json, 'trunk');
  return {
    tenantId: string(f, 'tenantId'),
    enabled: flag(f, 'enabled'),
    channelsMax: count(f, 'channelsMax'),
    country: string(f, 'country'),
    plan: planOf(f.plan),
    allowedCountries: list(f, 'allowedCountries', text),
    defaultCallerId: stringOrNull(f, 'defaultCallerId'),
    inboundRoutes: list(f, 'inboundRoutes', text),
    // absent from what an older compiler wrote: no limit, refuse, none, any transport
    callsPerSecondMax: f.callsPerSecondMax === undefined ? null : count(f, 'callsPerSecondMax'),
    callerIdPolicy: f.callerIdPolicy === undefined ? 'reject' : policyOf(f.callerIdPolicy),
    techPrefix: f.techPrefix === undefined ? null : stringOrNull(f, 'techPrefix'),
    tlsRequired: f.tlsRequired === undefined ? false : flag(f, 'tlsRequired'),
    maxCallSecs: countOrNull(f, 'maxCallSecs'),
    maxRingSecs: countOrNull(f, 'maxRingSecs'),
    inboundRanks: isAbsent(f, 'inboundRanks') ? [] : list(f, 'inboundRanks', (rank, at) => rankOf(fieldsOf(rank, 'rank'), at)),
    rerouteCodes: isAbsent(f, 'rerouteCodes') ? null : list(f, 'rerouteCodes', sipCode),
    disasterRecoveryUri: isAbsent(f, 'disasterRecoveryUri') ? null : string(f, 'disasterRecoveryUri'),
    onlyFrom: isAbsent(f, 'onlyFrom') ? null : list(f, 'onlyFrom', text),
    codecs: isAbsent(f, 'codecs') ? null : list(f, 'codecs', codecOf),
    srtp: isAbsent(f, 'srtp') ? 'optional' : srtpOf(f.srtp),
    calledNumberIn: f.calledNumberIn === 'to' ? 'to' : 'request_uri',
    registration: registrationOf(isAbsent(f, 'registration') ? {} : f.registration),
    channels: isAbsent(f, 'channels') ? null : trunkChannelsOf(f.channels),
    channelCaps: directionCapsOf(f.channelCaps),
    rejectAnonymous: flagIfAny(f, 'rejectAnonymous'),
    passVerified: flagIfAny(f, 'passVerified'),
    localPresence: flagIfAny(f, 'localPresence'),
  };
};

export const readNumber = (json: string): NumberValue => {
  const f = parse(json, 'number');
  return {
    tenantId: string(f, 'tenantId'),
    trunkId: stringOrNull(f, 'trunkId'),
    channels: isAbsent(f, 'channels') ? null : numberChannelsOf(f.channels),
    groupId: stringOrAbsent(f, 'groupId'),
    scheduleId: stringOrAbsent(f, 'scheduleId'),
    disasterGroupId: stringOrAbsent(f, 'disasterGroupId'),
    emergencyMissing: flagIfAny(f, 'emergencyMissing'),
  };
};

export const readChannelPool = (json: string): ChannelPoolValue => {
  const f = parse(json, 'channel pool');
  return { channels: count(f, 'channels'), includedPerNumber: count(f, 'includedPerNumber') };
};

export const readChannelGroup = (json: string): ChannelGroupValue => {
  const f = parse(json, 'channel group');
  return {
    poolId: string(f, 'poolId'),
    shared: count(f, 'shared'),
    meteredMax: count(f, 'meteredMax'),
    direction: directionOf(f.direction),
    caps: capsOf(f.caps),
  };
};

const groupTargetOf = (value: unknown, at: number): GroupTarget => {
  const f = fieldsOf(value, 'group target');
  const { priority, weight } = rankOf(f, at);
  const uri = stringOrAbsent(f, 'uri');
  const trunkId = stringOrAbsent(f, 'trunkId');
  const number = stringOrAbsent(f, 'number');
  if ((uri === null ? 0 : 1) + (trunkId === null ? 0 : 1) + (number === null ? 0 : 1) !== 1) fault('group target');
  return { uri, trunkId, number, ringSecs: countOrNull(f, 'ringSecs'), priority, weight };
};

export const readInboundGroup = (json: string): InboundGroupValue => {
  const f = parse(json, 'inbound group');
  return { tenantId: string(f, 'tenantId'), ringAll: flag(f, 'ringAll'), targets: list(f, 'targets', groupTargetOf) };
};

const spanOf = (f: Fields): Span & { readonly groupId: string | null } => ({
  from: count(f, 'from'),
  to: count(f, 'to'),
  groupId: stringOrNull(f, 'groupId'),
});

const number = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' && value === Math.floor(value) ? value : fault(name);
};

const weekday = (value: unknown): number => (typeof value === 'number' && value >= 0 && value <= 6 ? value : fault('weekday'));

export const readSchedule = (json: string): ScheduleValue => {
  const f = parse(json, 'schedule');
  return {
    offsets: list(f, 'offsets', (o) => ({
      since: number(fieldsOf(o, 'offset'), 'since'),
      minutes: number(fieldsOf(o, 'offset'), 'minutes'),
    })),
    rules: list(f, 'rules', (value) => {
      const rule = fieldsOf(value, 'rule');
      const { from, to, groupId } = spanOf(rule);
      return { from, to, groupId, weekdays: list(rule, 'weekdays', weekday) };
    }),
    holidays: list(f, 'holidays', (value) => {
      const holiday = fieldsOf(value, 'holiday');
      const { from, to, groupId } = spanOf(holiday);
      return { from, to, groupId, day: count(holiday, 'day') };
    }),
    otherwise: stringOrNull(f, 'otherwise'),
  };
};

export const readVerified = (json: string): VerifiedValue => ({ right: rightOf(parse(json, 'verified').right) });

export const readPresence = (json: string): PresenceValue => ({ numbers: list(parse(json, 'presence'), 'numbers', text) });

export const readSource = (json: string): SourceValue => {
  const f = parse(json, 'source');
  return { carrierId: string(f, 'carrierId'), gatewayId: string(f, 'gatewayId') };
};

export const readCredential = (json: string): CredentialValue => {
  const f = parse(json, 'credential');
  const only = { trunkId: string(f, 'trunkId'), ha1: list(f, 'ha1', text) };
  return isAbsent(f, 'trunks') ? only : { trunkId: only.trunkId, ha1: only.ha1, trunks: list(f, 'trunks', pbxTrunkOf) };
};

export const readRegistrar = (json: string): RegistrarValue => {
  const f = parse(json, 'registrar');
  return {
    ...{ trunkId: string(f, 'trunkId'), tenantId: string(f, 'tenantId'), uri: string(f, 'uri'), username: string(f, 'username') },
    ...{ realm: string(f, 'realm'), ha1Md5: string(f, 'ha1Md5'), expiresSecs: count(f, 'expiresSecs') },
  };
};

export const readPbx = (json: string): PbxValue => ({ trunks: list(parse(json, 'pbx'), 'trunks', pbxTrunkOf) });

export const readTargets = (json: string): TargetsValue => ({ targets: list(parse(json, 'targets'), 'targets', targetOf) });

export const readCountry = (json: string): string => text(JSON.parse(json));
