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

export const SECTIONS = {
  trunks: [...TRUNK_FIELDS, CREDENTIALS],
  numbers: NUMBER_FIELDS,
} as const satisfies Record<string, readonly Field[]>;
export type Section = keyof typeof SECTIONS;
