import { newId } from '@trunkline/kernel';
import type { Tx } from '../db/database.ts';

/** Something that happened. `type` is `<noun>.<past tense>`; `data` is what a subscriber needs and never changes. */
export type DomainEvent = { readonly type: string; readonly tenantId: string; readonly data: object };

/** Announces an event in the transaction that caused it: it is told if and only if that commits. */
export const publish = (tx: Tx, event: DomainEvent): void => {
  tx.records.events.push([event.tenantId, newId(), event.type, JSON.stringify(event.data)]);
};
