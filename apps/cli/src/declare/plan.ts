import type { Current } from './current.ts';
import type { Desired, Entry } from './file.ts';
import { planChannels } from './plan-channels.ts';
import { NUMBER_FIELDS, TRUNK_FIELDS } from './sections.ts';
import { same, settable } from './values.ts';

export type Change = { readonly field: string; readonly from: unknown; readonly to: unknown };
/** One request that brings the tenant closer to the file. `entry` is where the file asks for it; a removal has none. */
export type Step =
  | { readonly kind: 'create_trunk' | 'order_number' | 'create_channel_group' | 'update_trunk_channels' | 'update_number_channels'; readonly name: string; readonly entry: Entry; readonly changes: readonly Change[] } // prettier-ignore
  | { readonly kind: 'update_trunk' | 'update_number' | 'order_channels' | 'update_channel_group'; readonly name: string; readonly id: string; readonly entry: Entry; readonly changes: readonly Change[] } // prettier-ignore
  | { readonly kind: 'release_number' | 'delete_trunk' | 'clear_number_channels' | 'clear_trunk_channels' | 'delete_channel_group' | 'release_channels'; readonly name: string; readonly id: string } // prettier-ignore
  | { readonly kind: 'revoke_credential'; readonly name: string; readonly id: string; readonly trunkId: string };
/** @property left what is there and not in the file, and stays because nobody asked to prune */
export type Plan = { readonly steps: readonly Step[]; readonly left: readonly string[]; readonly faults: readonly string[] };

const fieldsOfTrunk = (trunk: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(TRUNK_FIELDS.map((field) => [field.name, settable(field, (trunk as Record<string, unknown>)[field.name])]));

/** The fields of a number with its trunk by name. */
const fieldsOfNumber = (number: object, trunkNames: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    NUMBER_FIELDS.map(({ name }) => {
      if (name !== 'trunk') return [name, (number as Record<string, unknown>)[name]];
      return [name, trunkNames.get(String((number as { trunk_id: unknown }).trunk_id)) ?? null];
    }),
  );

const changesOf = ({ fields }: Entry, now: Readonly<Record<string, unknown>>): readonly Change[] =>
  Object.entries(fields)
    .filter(([field, to]) => field in now && !same(now[field], to))
    .map(([field, to]) => ({ field, from: now[field], to }));
const wholly = ({ fields }: Entry): readonly Change[] =>
  Object.entries(fields).flatMap(([field, to]) => (field === 'credentials' ? [] : [{ field, from: undefined, to }]));

const planTrunks = (desired: ReadonlyMap<string, Entry>, current: Current, faults: string[]): Step[] => {
  const byName = new Map(current.trunks.map((trunk) => [trunk.name, trunk]));
  return [...desired].flatMap(([name, entry]): Step[] => {
    const trunk = byName.get(name);
    const kept = (entry.fields['credentials'] as readonly string[] | undefined) ?? [];
    const there = (trunk ? current.credentials.get(trunk.id) : undefined)?.map(({ id }) => id) ?? [];
    for (const id of kept)
      if (!there.includes(id)) faults.push(`${entry.lines['credentials']}: "${name}" has no credential ${id}: make one with \`trunkline trunks credentials create\` and name it here`); // prettier-ignore
    if (!trunk) {
      const missing = TRUNK_FIELDS.filter((field) => field.required && entry.fields[field.name] === undefined);
      for (const field of missing) faults.push(`${entry.line}: the new trunk "${name}" lacks ${field.name}`);
      return [{ kind: 'create_trunk', name, entry, changes: wholly(entry) }];
    }
    const changes = changesOf(entry, fieldsOfTrunk(trunk));
    return changes.length === 0 ? [] : [{ kind: 'update_trunk', name, id: trunk.id, entry, changes }];
  });
};

const planNumbers = (desired: Desired, current: Current, faults: string[]): Step[] => {
  const trunkNames = new Map(current.trunks.map(({ id, name }) => [id, name]));
  const known = new Set([...trunkNames.values(), ...(desired.trunks?.keys() ?? [])]);
  const byNumber = new Map(current.numbers.map((number) => [number.number, number]));
  return [...(desired.numbers ?? [])].flatMap(([name, entry]): Step[] => {
    const trunk = entry.fields['trunk'];
    if (typeof trunk === 'string' && !known.has(trunk)) faults.push(`${entry.lines['trunk']}: there is no trunk "${trunk}"`);
    const number = byNumber.get(name);
    if (!number) return [{ kind: 'order_number', name, entry, changes: wholly(entry) }];
    const changes = changesOf(entry, fieldsOfNumber(number, trunkNames));
    return changes.length === 0 ? [] : [{ kind: 'update_number', name, id: number.id, entry, changes }];
  });
};

/** What is there and not in the file, in the order in which it can go: a trunk last, when no number points at it. */
const planRemovals = (desired: Desired, current: Current): Step[] => {
  const { trunks, numbers } = desired;
  const gone = trunks === undefined ? [] : current.trunks.filter(({ name }) => !trunks.has(name));
  const revoked = current.trunks.flatMap((trunk): Step[] => {
    const kept = trunks?.get(trunk.name)?.fields['credentials'] as readonly string[] | undefined;
    if (!kept) return [];
    const others = (current.credentials.get(trunk.id) ?? []).filter(({ id }) => !kept.includes(id));
    return others.map(({ id, username }) => ({ kind: 'revoke_credential', name: `${username} of ${trunk.name}`, id, trunkId: trunk.id }));
  });
  const released = numbers === undefined ? [] : current.numbers.filter(({ number }) => !numbers.has(number));
  return [
    ...released.map(({ id, number }): Step => ({ kind: 'release_number', name: number, id })),
    ...revoked,
    ...gone.map(({ id, name }): Step => ({ kind: 'delete_trunk', name, id })),
  ];
};

const NOUNS: Readonly<Record<string, string>> = {
  ...{ release_number: 'number', revoke_credential: 'credential', delete_trunk: 'trunk', delete_channel_group: 'channel group' },
  ...{ clear_number_channels: 'channels of number', clear_trunk_channels: 'channels of trunk', release_channels: 'channels of' },
};
export const describeRemoval = ({ kind, name }: Step): string => `${NOUNS[kind] ?? ''} ${name}`;

/** What has to be done, and nothing else: a tenant that is as the file says has no steps. */
export const makePlan = (file: string, desired: Desired, current: Current, { prune }: { prune: boolean }): Plan => {
  const faults: string[] = [];
  const channels = planChannels(desired, current, faults);
  const made = [...planTrunks(desired.trunks ?? new Map(), current, faults), ...planNumbers(desired, current, faults)];
  const removals = [...channels.removals, ...planRemovals(desired, current), ...channels.after];
  const steps = [...made, ...channels.steps];
  return {
    steps: [...steps, ...(prune ? removals : []), ...channels.last],
    left: prune ? [] : removals.map(describeRemoval),
    faults: faults.map((fault) => `${file}:${fault}`),
  };
};
