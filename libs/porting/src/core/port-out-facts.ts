import type { CarrierPortOut, CarrierPortOutStatus } from '@trunkline/carriers';
import { AppError } from '@trunkline/kernel';
import { isAuthorizedBySilence } from './answer-port-out.ts';
import type { PortOutStanding } from './answer-port-out.ts';
import type { PortOutReason } from './decide-port-out.ts';
import { portOutErrors } from './port-out-errors.ts';
import type { PortOutState } from './port-out-machine.ts';

export type PortOutActor = 'policy' | 'tenant' | 'silence' | 'carrier' | 'operator';
/** One move of a request, and who made it. */
export type PortOutMove = {
  readonly state: PortOutState;
  readonly by: PortOutActor;
  readonly reason?: PortOutReason | null;
  readonly text?: string; // what the tenant, or the operator, said
  readonly focAt?: Date | null;
};

type Ways = { readonly [S in PortOutState]?: readonly PortOutState[] };

/** Where what a carrier says leads to from where a request stands. What is not here was known, or is older than what is. */
const WAYS: Readonly<Record<CarrierPortOutStatus, Ways>> = {
  open: {},
  unknown: {},
  authorized: { received: ['authorized'], pending_tenant: ['authorized'] },
  // refused there by somebody else: what was agreed here comes to nothing
  rejected: { received: ['rejected'], pending_tenant: ['rejected'], authorized: ['cancelled'], foc_scheduled: ['cancelled'] },
  foc: {
    received: ['authorized', 'foc_scheduled'],
    pending_tenant: ['authorized', 'foc_scheduled'],
    authorized: ['foc_scheduled'],
    foc_scheduled: ['foc_scheduled'],
  },
  ported: {
    received: ['authorized', 'completed'],
    pending_tenant: ['authorized', 'completed'],
    authorized: ['completed'],
    foc_scheduled: ['completed'],
    rejected: ['completed'], // carriers do port what was refused; the tenant can dispute it
    cancelled: ['completed'],
  },
  cancelled: { received: ['cancelled'], pending_tenant: ['cancelled'], authorized: ['cancelled'], foc_scheduled: ['cancelled'] },
  reversing: { disputed: ['reversing'] },
  restored: { disputed: ['reversing', 'restored'], reversing: ['restored'] },
  upheld: { disputed: ['upheld'], reversing: ['upheld'] },
};

/** How a dispute ends: the numbers came back, or they stay where they are. */
export const DISPUTE_ENDS = ['restored', 'upheld'] as const;
export type DisputeEnd = (typeof DISPUTE_ENDS)[number];

/** What the operator heard of a dispute's end leads where the carrier's own word would. @throws AppError port_out.not_disputed */
export const movesOfSettlement = (state: PortOutState, end: DisputeEnd, text: string): readonly PortOutMove[] => {
  const way = WAYS[end][state];
  if (!way) throw new AppError(portOutErrors.notDisputed, `The request is ${state}`);
  return way.map((to) => ({ state: to, by: 'operator', text }));
};

/** The move that silence made by now, if it did. */
export const movesOfSilence = (standing: PortOutStanding, now: Date): readonly PortOutMove[] =>
  isAuthorizedBySilence(standing, now) ? [{ state: 'authorized', by: 'silence' }] : [];

type Known = PortOutStanding & { readonly version: number; readonly focAt: Date | null };

/** The moves that a carrier's view adds to what is known. A view that is no newer than the last one adds none. */
export const movesOfCarrier = (known: Known, view: Pick<CarrierPortOut, 'version' | 'status' | 'focAt'>): readonly PortOutMove[] => {
  if (view.version <= known.version) return [];
  const way = WAYS[view.status][known.state] ?? [];
  const sameDate = known.state === 'foc_scheduled' && view.focAt?.getTime() === known.focAt?.getTime();
  if (view.status === 'foc' && sameDate) return [];
  return way.map((state) => ({ state, by: 'carrier', focAt: view.focAt }));
};
