import { Document } from 'yaml';
import type { Current } from './current.ts';
import { NO_NUMBER_CHANNELS, NO_TRUNK_CHANNELS } from './current-channels.ts';
import type { CurrentChannels, Fields } from './current-channels.ts';
import { NUMBER_FIELDS, TRUNK_FIELDS } from './sections.ts';
import { same, settable } from './values.ts';

const byName = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Sections that would be empty are left out, so that a tenant without channels has none. */
const channelSections = ({ pools, groups, trunks, numbers }: CurrentChannels): Record<string, object> => {
  const but = (all: ReadonlyMap<string, Fields>, none: Fields) => [...all].filter(([, fields]) => !same(fields, none));
  const sections = {
    channel_pools: [...pools],
    channel_groups: [...groups],
    trunk_channels: but(trunks, NO_TRUNK_CHANNELS),
    number_channels: but(numbers, NO_NUMBER_CHANNELS),
  };
  return Object.fromEntries(
    Object.entries(sections)
      .filter(([, entries]) => entries.length > 0)
      .map(([name, entries]) => [name, byName(entries)]),
  );
};

/** The tenant as a file that `apply` finds nothing to change in. Passwords are not in it: the API tells them once only. */
export const exported = ({ trunks, numbers, credentials, channels }: Current): string => {
  const names = new Map(trunks.map(({ id, name }) => [id, name]));
  const trunkEntries = trunks.map((trunk) => {
    const fields = TRUNK_FIELDS.map((field) => [field.name, settable(field, (trunk as unknown as Record<string, unknown>)[field.name])]);
    return [trunk.name, { ...Object.fromEntries(fields), credentials: (credentials.get(trunk.id) ?? []).map(({ id }) => id) }] as const;
  });
  const numberEntries = numbers.map((number) => {
    const fields = NUMBER_FIELDS.filter(({ name }) => name !== 'trunk').map(({ name }) => [name, (number as unknown as Record<string, unknown>)[name]]); // prettier-ignore
    return [number.number, { trunk: names.get(number.trunk_id ?? '') ?? null, ...Object.fromEntries(fields) }] as const;
  });
  return new Document({ trunks: byName(trunkEntries), numbers: byName(numberEntries), ...channelSections(channels) }).toString({
    lineWidth: 120,
  });
};
