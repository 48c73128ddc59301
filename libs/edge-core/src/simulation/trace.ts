import type { CallInput } from '../decision/call.ts';
import { scheduledGroup } from '../decision/local-time.ts';
import { readCountry, readNumber, readPbx, readPresence, readTargets, readTenant, readTrunk } from '../entries/read-entry.ts';
import { readInboundGroup, readSchedule } from '../entries/read-inbound.ts';
import type { Read } from './decide-from.ts';
import { trunkOf } from './facts.ts';

/** The resource that a step looked at, by its uuid; a number by its E.164. */
export type Resource = { readonly type: 'tenant' | 'trunk' | 'number'; readonly id: string };
/** One question of a decision: which entry answered it, and what it says about the call. */
export type TraceStep = {
  readonly rule: string;
  readonly key: string;
  readonly found: boolean;
  readonly says: string;
  readonly resource: Resource | null;
};

/** What a decision asked, in words. Questions of one kind in a row (ever shorter prefixes, ever wider networks) are one step. */
export const traceOf = (input: CallInput, reads: readonly Read[]): readonly TraceStep[] =>
  reads.filter((read, at) => !isFollowed(reads, at)).map((read) => stepOf(input, read, reads));

/** A miss behind which the same kind is asked again; of targets each is a step. */
const isFollowed = (reads: readonly Read[], at: number): boolean => {
  const read = reads[at];
  const next = reads[at + 1];
  return read?.value === null && next?.kind === read.kind && read.kind !== 'number' && read.kind !== 'health';
};

const stepOf = (input: CallInput, read: Read, reads: readonly Read[]): TraceStep => ({
  rule: read.kind,
  key: read.key,
  found: read.value !== null,
  says: read.value === null ? missing(input, read) : found(input, read.value, read, reads),
  resource: resourceOf(read),
});

const resourceOf = ({ kind, key, value }: Read): Resource | null => {
  if (value === null) return null;
  if (kind === 'tenant' || kind === 'trunk') return { type: kind, id: key };
  return kind === 'number' ? { type: kind, id: `+${key}` } : null;
};

const missing = (input: CallInput, { kind, key }: Read): string => {
  const words: Partial<Record<Read['kind'], string>> = {
    meta: 'The edge has no configuration yet.',
    source: `${input.sourceAddress || 'The caller'} is no carrier’s address: a customer calls.`,
    pbx: `No trunk names the address ${input.sourceAddress} or a network around it.`,
    trunk: 'There is no such trunk.',
    tenant: 'There is no such tenant.',
    emergency: `${key.slice(key.indexOf(':') + 1)} is no emergency number of ${key.slice(0, key.indexOf(':'))}.`,
    number: `+${key} is none of the numbers in question.`,
    verified: `+${key.slice(key.indexOf(':') + 1)} is no number that the tenant verified.`,
    country: 'The number lies in no country that is known.',
    route: 'No carrier route has a prefix of the number.',
    inbound_group: 'The inbound group is gone: the trunk’s routes take the call.',
    schedule: 'The inbound schedule is gone: it names no group.',
    health: `${key} answers, as far as is known.`,
  };
  return words[kind] ?? 'There is nothing of this kind.';
};

const found = (input: CallInput, value: string, { kind, key }: Read, reads: readonly Read[]): string => {
  if (kind === 'meta') return 'The edge has its configuration.';
  if (kind === 'source') return `A carrier’s calls come from ${key}: the call comes in.`;
  if (kind === 'health') return `${key} does not answer OPTIONS: it is tried last.`;
  if (kind === 'emergency') return `${key.slice(key.indexOf(':') + 1)} is an emergency number: it is routed before all else.`;
  if (kind === 'pbx') return `${key} is an address of ${plural(readPbx(value).trunks.length, 'trunk')}.`;
  if (kind === 'trunk') return trunkSays(value);
  if (kind === 'tenant') return tenantSays(value);
  if (kind === 'number')
    return `+${key} is a number of the platform, and ${readNumber(value).trunkId === null ? 'points at no trunk' : 'points at a trunk'}.`;
  if (kind === 'verified') return `The tenant verified that it may present +${key.slice(key.indexOf(':') + 1)}.`;
  if (kind === 'presence') return `The trunk presents the nearest of ${plural(readPresence(value).numbers.length, 'number')}.`;
  if (kind === 'country') return countrySays(readCountry(value), key, reads);
  if (kind === 'route')
    return `The carrier route with the longest prefix is ${key}: ${plural(readTargets(value).targets.length, 'gateway')}.`;
  if (kind === 'inbound_group') return groupSays(value);
  if (kind === 'schedule')
    return scheduledGroup(readSchedule(value), input.nowSecs) === null
      ? 'The schedule names no group now.'
      : 'The schedule names a group now.';
  return 'There is an entry.';
};

const trunkSays = (value: string): string => {
  const trunk = readTrunk(value);
  const open = trunk.allowedCountries.length === 0 ? 'no country' : trunk.allowedCountries.join(', ');
  return `The trunk is ${trunk.enabled ? 'enabled' : 'disabled'}; it has opened ${open}.`;
};

const tenantSays = (value: string): string => {
  const { holds, home, disasterGroupId } = readTenant(value);
  const held = holds.length === 0 ? 'is on no hold' : `is on hold (${holds.join(', ')})`;
  const plan = disasterGroupId === null ? '' : '; its disaster plan is active';
  return `The tenant ${held}; ${home === null ? 'any edge carries its calls' : `${home.name} carries its calls`}${plan}.`;
};

const groupSays = (value: string): string => {
  const { ringAll, targets } = readInboundGroup(value);
  return `The inbound group has ${plural(targets.length, 'target')}, ${ringAll ? 'which ring at once' : 'tried one after another'}.`;
};

const countrySays = (country: string, prefix: string, reads: readonly Read[]): string => {
  const isOpen = trunkOf(reads)?.allowedCountries.includes(country) ?? false;
  return `The prefix ${prefix} is ${country}, which the trunk has ${isOpen ? '' : 'not '}opened.`;
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
