import { invalidField } from '@trunkline/kernel';

/** Where a group sends a call: a SIP URI, the contact that a trunk registered, or a telephone number, which is called like one dialled. */
export type InboundTarget = {
  readonly uri: string | null;
  readonly trunkId: string | null; // uuid
  readonly number: string | null; //  E.164
  readonly priority: number;
  readonly weight: number;
  readonly ringSecs: number; //       how long it may ring before the next is tried
};
export type InboundGroupSettings = {
  readonly name: string;
  /** By priority, among equals by weight; or all at once. */
  readonly strategy: 'in_order' | 'ring_all';
  readonly targets: readonly InboundTarget[];
};
export type InboundGroup = InboundGroupSettings & {
  readonly id: string; // uuid
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** An edge looks up country and carriers for each, for every call. */
export const NUMBERS_MAX = 3;

/** @throws AppError request.invalid */
export const openGroup = (id: string, settings: InboundGroupSettings, now: Date): InboundGroup => ({
  ...sound(settings),
  id,
  revision: 1,
  createdAt: now,
  updatedAt: now,
});

/** The group after a change, or the very same object when nothing differs. @throws AppError request.invalid */
export const changeGroup = (group: InboundGroup, change: Partial<InboundGroupSettings>, now: Date): InboundGroup => {
  const before = { ...group, ...sound(group) };
  const next = { ...group, ...sound({ ...group, ...change }) };
  return JSON.stringify(next) === JSON.stringify(before) ? group : { ...next, revision: group.revision + 1, updatedAt: now };
};

/** The trunks whose contacts it names. */
export const trunksOf = ({ targets }: InboundGroupSettings): readonly string[] => [
  ...new Set(targets.flatMap((t) => (t.trunkId === null ? [] : [t.trunkId]))),
];

const sound = ({ name, strategy, targets }: InboundGroupSettings): InboundGroupSettings => {
  const numbers = targets.filter((t) => t.number !== null).length;
  const most = strategy === 'ring_all' ? 1 : NUMBERS_MAX;
  if (numbers > most)
    throw invalidField('/targets', 'too_many_numbers', `A group of strategy ${strategy} names at most ${most} telephone number(s)`);
  const ordered = targets.map(fieldsOf).sort((a, b) => a.priority - b.priority);
  return { name, strategy, targets: ordered };
};

// a stored target has its fields in another order than a given one
const fieldsOf = ({ uri, trunkId, number, priority, weight, ringSecs }: InboundTarget): InboundTarget => ({
  ...{ uri, trunkId, number, priority, weight, ringSecs },
});
