import type { CallerIdPolicy, RegistrationLimits, SrtpPolicy, VerifiedRight } from '../intent.ts';
import { isCodec } from '../media/codecs.ts';
import type { Codec } from '../media/codecs.ts';
import type { DiallingPlan } from '../numbering/dialled-number.ts';
import type {
  CredentialValue,
  HomeEdge,
  NumberValue,
  PbxTrunk,
  PbxValue,
  PresenceValue,
  RankedTarget,
  RegistrarValue,
  SourceValue,
  TargetsValue,
  TenantValue,
  TrunkValue,
  VerifiedValue,
} from './entry-values.ts';
import { directionCapsOf, numberChannelsOf, trunkChannelsOf } from './read-channels.ts';
import {
  count,
  countOrNull,
  fault,
  fieldsOf,
  flag,
  flagIfAny,
  isAbsent,
  list,
  parse,
  rankOf,
  string,
  stringOrAbsent,
  stringOrNull,
  text,
} from './read-fields.ts';

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
