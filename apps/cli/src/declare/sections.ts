import { OPERATIONS } from '@trunkline/client/operations';
import type { Field } from '@trunkline/client/operations';

const bodyFields = (operationId: string): readonly Field[] => OPERATIONS.find(({ id }) => id === operationId)?.body?.fields ?? [];

/** What may stand below a trunk's name: what the API takes for one, and which of its credentials stay. */
export const TRUNK_FIELDS: readonly Field[] = bodyFields('createTrunk').filter(({ name }) => name !== 'name');
export const CREDENTIALS: Field = {
  name: 'credentials',
  required: false,
  type: 'array',
  description: 'Ids; a password is never in a file',
};

/** What may stand below a number. Its trunk is told by name: ids differ from place to place. */
export const NUMBER_FIELDS: readonly Field[] = bodyFields('updateNumber').map((field) =>
  field.name === 'trunk_id' ? { ...field, name: 'trunk' } : field,
);

// pools and groups are told by name, too
const NAMED: Readonly<Record<string, string>> = { pool_id: 'pool', group_id: 'group' };
const withNames = (fields: readonly Field[]): readonly Field[] =>
  fields.map((field) => ({ ...field, name: NAMED[field.name] ?? field.name }));

/** What may stand below the name of an offer of channels, of a group, and below a trunk or a number whose calls pools carry. */
export const POOL_FIELDS: readonly Field[] = bodyFields('orderChannels').filter(({ name }) => name === 'channels');
export const GROUP_FIELDS: readonly Field[] = withNames(bodyFields('createChannelGroup').filter(({ name }) => name !== 'name'));
export const TRUNK_CHANNEL_FIELDS: readonly Field[] = withNames(bodyFields('updateTrunkChannels'));
export const NUMBER_CHANNEL_FIELDS: readonly Field[] = withNames(bodyFields('updateNumberChannels'));

export const SECTIONS = {
  trunks: [...TRUNK_FIELDS, CREDENTIALS],
  numbers: NUMBER_FIELDS,
  channel_pools: POOL_FIELDS,
  channel_groups: GROUP_FIELDS,
  trunk_channels: TRUNK_CHANNEL_FIELDS,
  number_channels: NUMBER_CHANNEL_FIELDS,
} as const satisfies Record<string, readonly Field[]>;
export type Section = keyof typeof SECTIONS;
