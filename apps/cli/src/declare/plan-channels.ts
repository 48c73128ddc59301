import type { Current } from './current.ts';
import { NO_NUMBER_CHANNELS, NO_TRUNK_CHANNELS } from './current-channels.ts';
import type { Fields } from './current-channels.ts';
import type { Desired, Entry } from './file.ts';
import type { Change, Step } from './plan.ts';
import { GROUP_FIELDS } from './sections.ts';
import { same } from './values.ts';

type Told = (line: number | undefined, words: string) => void;
/** In the order in which they can be done: channels are there before they are assigned, and given up before others get them. */
export type ChannelSteps = {
  readonly steps: readonly Step[];
  /** Only pruning does these: channels of numbers and trunks, and what is left empty when numbers and trunks are gone, too. */
  readonly removals: readonly Step[];
  readonly after: readonly Step[];
  readonly last: readonly Step[]; // pools that shrink
};

/** What of an entry differs. Caps that it does not name are none. */
const changesOf = ({ fields }: Entry, now: Fields): Change[] =>
  Object.entries(fields)
    .map(([field, to]) => ({ field, from: now[field], to: field === 'channel_caps' ? capsOf(to, now[field]) : to }))
    .filter(({ from, to }) => !same(from, to));
const capsOf = (to: unknown, now: unknown): unknown => {
  if (typeof to !== 'object' || typeof now !== 'object') return to;
  return { ...Object.fromEntries(Object.keys(now ?? {}).map((key) => [key, null])), ...to };
};
const lowers = (changes: readonly Change[], field: string): boolean =>
  changes.some((change) => change.field === field && Number(change.to) < Number(change.from));

const planPools = (desired: Desired, { channels }: Current, tell: Told): readonly [grown: Step[], shrunk: Step[]] => {
  const steps = [...(desired.channel_pools ?? [])].flatMap(([name, entry]): Step[] => {
    const now = channels.pools.get(name) ?? { channels: 0 };
    const id = channels.offers.get(name);
    if (id === undefined) tell(entry.line, `there is no offer of channels "${name}"`);
    const changes = changesOf(entry, now);
    return changes.length === 0 ? [] : [{ kind: 'order_channels', name, id: id ?? '', entry, changes }];
  });
  const shrinks = (step: Step): boolean => 'changes' in step && lowers(step.changes, 'channels');
  return [steps.filter((step) => !shrinks(step)), steps.filter(shrinks)];
};

const planGroups = (desired: Desired, { channels }: Current, tell: Told): Step[] =>
  [...(desired.channel_groups ?? [])].flatMap(([name, entry]): Step[] => {
    const now = channels.groups.get(name);
    if (now === undefined) {
      const missing = GROUP_FIELDS.filter((field) => field.required && entry.fields[field.name] === undefined);
      for (const field of missing) tell(entry.line, `the new channel group "${name}" lacks ${field.name}`);
      const changes = Object.entries(entry.fields).map(([field, to]) => ({ field, from: undefined, to }));
      return [{ kind: 'create_channel_group', name, entry, changes }];
    }
    const changes = changesOf(entry, now);
    if (changes.some(({ field }) => field === 'pool')) tell(entry.lines['pool'], `"${name}" stays in the pool "${String(now['pool'])}"`);
    return changes.length === 0 ? [] : [{ kind: 'update_channel_group', name, id: channels.groupIds.get(name) ?? '', entry, changes }];
  });

const planSettings = (desired: Desired, { channels, trunks, numbers }: Current, tell: Told): Step[] => {
  const trunkNames = new Set([...trunks.map(({ name }) => name), ...(desired.trunks?.keys() ?? [])]);
  const e164s = new Set([...numbers.map(({ number }) => number), ...(desired.numbers?.keys() ?? [])]);
  const ofTrunks = [...(desired.trunk_channels ?? [])].flatMap(([name, entry]): Step[] => {
    if (!trunkNames.has(name)) tell(entry.line, `there is no trunk "${name}"`);
    const changes = changesOf(entry, channels.trunks.get(name) ?? NO_TRUNK_CHANNELS);
    return changes.length === 0 ? [] : [{ kind: 'update_trunk_channels', name, entry, changes }];
  });
  const ofNumbers = [...(desired.number_channels ?? [])].flatMap(([name, entry]): Step[] => {
    if (!e164s.has(name)) tell(entry.line, `there is no number ${name}`);
    const changes = changesOf(entry, channels.numbers.get(name) ?? NO_NUMBER_CHANNELS);
    return changes.length === 0 ? [] : [{ kind: 'update_number_channels', name, entry, changes }];
  });
  return [...ofTrunks, ...ofNumbers];
};

/** Names of pools and groups that are nowhere. */
const checkNames = (desired: Desired, { channels }: Current, tell: Told): void => {
  const pools = new Set([...channels.pools.keys(), ...(desired.channel_pools?.keys() ?? [])]);
  const groups = new Set([...channels.groups.keys(), ...(desired.channel_groups?.keys() ?? [])]);
  for (const section of ['channel_groups', 'trunk_channels', 'number_channels'] as const)
    for (const { fields, lines } of desired[section]?.values() ?? []) {
      const { pool, group } = fields;
      if (typeof pool === 'string' && !pools.has(pool)) tell(lines['pool'], `there are no channels of "${pool}"`);
      if (typeof group === 'string' && !groups.has(group)) tell(lines['group'], `there is no channel group "${group}"`);
    }
};

const planRemovals = (desired: Desired, { channels, trunks, numbers }: Current): readonly [removals: Step[], last: Step[]] => {
  const has = (now: Fields | undefined, none: Fields): boolean => now !== undefined && !same(now, none);
  const cleared = numbers
    .filter(({ number }) => desired.number_channels?.has(number) === false && has(channels.numbers.get(number), NO_NUMBER_CHANNELS))
    .map(({ id, number }): Step => ({ kind: 'clear_number_channels', name: number, id }));
  const left = trunks
    .filter(({ name }) => desired.trunk_channels?.has(name) === false && has(channels.trunks.get(name), NO_TRUNK_CHANNELS))
    .map(({ id, name }): Step => ({ kind: 'clear_trunk_channels', name, id }));
  const groups = [...channels.groups.keys()]
    .filter((name) => desired.channel_groups?.has(name) === false)
    .map((name): Step => ({ kind: 'delete_channel_group', name, id: channels.groupIds.get(name) ?? '' }));
  const pools = [...channels.pools.keys()]
    .filter((name) => desired.channel_pools?.has(name) === false)
    .map((name): Step => ({ kind: 'release_channels', name, id: channels.offers.get(name) ?? '' }));
  return [
    [...cleared, ...left],
    [...groups, ...pools],
  ];
};

export const planChannels = (desired: Desired, current: Current, faults: string[]): ChannelSteps => {
  const tell: Told = (line, words) => faults.push(`${line ?? 1}: ${words}`);
  checkNames(desired, current, tell);
  const [grown, shrunk] = planPools(desired, current, tell);
  const changed = [...planGroups(desired, current, tell), ...planSettings(desired, current, tell)];
  const givesBack = (step: Step): boolean =>
    'changes' in step && (lowers(step.changes, 'shared_channels') || lowers(step.changes, 'dedicated_channels'));
  const [removals, after] = planRemovals(desired, current);
  const steps = [...grown, ...changed.filter(givesBack), ...changed.filter((step) => !givesBack(step))];
  return { steps, removals, after, last: shrunk };
};
