import type { Transitions } from '@trunkline/kernel';

/** What the platform does with a number it holds. `assigned` (47 CFR 52.15(f)(1)(iii)): a tenant uses it, to whom it is `active`. */
export const INVENTORY_STATES = [
  'available',
  'reserved',
  'ordered',
  'requirement_pending',
  'unavailable',
  'assigned',
  'suspended',
  'quarantined',
  'released',
  'port_pending',
  'porting_out',
  'ported_out',
] as const;
export type InventoryState = (typeof INVENTORY_STATES)[number];
/** `none`: the platform does not hold it. */
export type NumberState = InventoryState | 'none';

type Actor = 'tenant' | 'operator' | 'carrier' | 'clock';
type Step = { readonly by: readonly Actor[]; readonly from: readonly NumberState[]; readonly to: NumberState };

/** Everything that can happen to a number, who makes it happen, and where it leads. What is not here does not happen. */
export const LIFECYCLE = {
  import: { by: ['operator'], from: ['none'], to: 'available' },
  reserve: { by: ['tenant'], from: ['available'], to: 'reserved' },
  lapse: { by: ['clock', 'tenant'], from: ['reserved'], to: 'available' },
  order: { by: ['tenant'], from: ['reserved'], to: 'ordered' },
  ask: { by: ['carrier'], from: ['ordered'], to: 'requirement_pending' },
  satisfy: { by: ['tenant', 'operator', 'carrier'], from: ['requirement_pending'], to: 'ordered' },
  accept: { by: ['carrier'], from: ['ordered'], to: 'assigned' },
  refuse: { by: ['carrier'], from: ['ordered'], to: 'available' },
  withdraw: { by: ['carrier'], from: ['ordered'], to: 'unavailable' },
  suspend: { by: ['operator'], from: ['assigned'], to: 'suspended' },
  reinstate: { by: ['operator'], from: ['suspended'], to: 'assigned' },
  transfer: { by: ['operator', 'tenant'], from: ['assigned'], to: 'assigned' },
  release: { by: ['tenant', 'operator'], from: ['assigned'], to: 'quarantined' },
  restore: { by: ['tenant', 'operator'], from: ['quarantined'], to: 'assigned' },
  age: { by: ['clock'], from: ['quarantined'], to: 'available' },
  return: { by: ['clock', 'operator'], from: ['quarantined'], to: 'released' },
  regain: { by: ['carrier'], from: ['released'], to: 'assigned' },
  port_in: { by: ['tenant'], from: ['none'], to: 'port_pending' },
  activate: { by: ['carrier'], from: ['port_pending'], to: 'assigned' },
  abandon: { by: ['tenant', 'carrier'], from: ['port_pending'], to: 'none' },
  authorise_port_out: { by: ['tenant', 'operator', 'clock'], from: ['assigned'], to: 'porting_out' },
  port_out: { by: ['carrier'], from: ['porting_out'], to: 'ported_out' },
  keep: { by: ['tenant', 'operator', 'carrier'], from: ['porting_out'], to: 'assigned' },
  win_back: { by: ['tenant', 'operator', 'carrier'], from: ['ported_out'], to: 'assigned' },
} as const satisfies Readonly<Record<string, Step>>;
export type NumberEvent = keyof typeof LIFECYCLE;
export const NUMBER_EVENTS = Object.keys(LIFECYCLE) as NumberEvent[];

/** Where an event leads from a state; undefined where it cannot happen. */
export const step = (state: NumberState, event: NumberEvent): NumberState | undefined => {
  const { from, to }: Step = LIFECYCLE[event];
  return from.includes(state) ? to : undefined;
};

/** Where several events in a row lead; undefined when one of them cannot happen. */
export const walk = (state: NumberState, events: readonly NumberEvent[]): NumberState | undefined =>
  events.reduce<NumberState | undefined>((at, event) => at && step(at, event), state);

/**
 * What one statement may do at once: the clock has the first word, a number of our own needs no carrier's, and a carrier may port a number away
 * that nobody authorised it to (silence is consent).
 */
export const STRIDES: readonly (readonly NumberEvent[])[] = [
  ['age', 'reserve'],
  ['lapse', 'reserve'],
  ['reserve', 'order'],
  ['reserve', 'order', 'accept'],
  ['age', 'reserve', 'order'],
  ['age', 'reserve', 'order', 'accept'],
  ['lapse', 'reserve', 'order'],
  ['lapse', 'reserve', 'order', 'accept'],
  ['order', 'accept'],
  ['authorise_port_out', 'port_out'],
];

const leadsTo = (state: NumberState): NumberState[] => {
  const ways = [...NUMBER_EVENTS.map((event) => [event]), ...STRIDES];
  const reached = ways.flatMap((events) => walk(state, events) ?? []);
  return [...new Set(reached)].filter((to) => to !== state);
};

/** Each state and where one statement may take it: what the database refuses everything else of. */
export const INVENTORY_TRANSITIONS = Object.fromEntries(
  (['none', ...INVENTORY_STATES] as const).map((state) => [state, leadsTo(state)] as const),
) as Record<NumberState, NumberState[]> satisfies Transitions<NumberState>;

/** States in which a tenant has the number: it is paid for, and nobody else can have it. */
export const HELD_STATES = ['assigned', 'suspended', 'porting_out'] as const satisfies readonly InventoryState[];
