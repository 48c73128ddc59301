import type { IdKind } from '@trunkline/kernel';

/** How a field of an event's data is told: an id by its kind, or a value as it is, with an example of it. */
export type Field = { readonly nullable?: true } & (
  { readonly id: IdKind } | { readonly value: 'string' | 'integer' | 'date-time'; readonly example: string | number }
);
/** `data`: the fields that are told, by their name in the code. `resource`: the data is a resource of the API, published as the API shows it. */
export type EventDefinition = { readonly summary: string } & (
  { readonly data: Readonly<Record<string, Field>> } | { readonly resource: string; readonly example: object }
);
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

export const id = (kind: IdKind): Field => ({ id: kind });
export const text = (example: string): Field => ({ value: 'string', example });
export const integer = (example: number): Field => ({ value: 'integer', example });
export const time = (example: string): Field => ({ value: 'date-time', example });
export const orNull = (field: Field): Field => ({ ...field, nullable: true });
