import type { Transitions } from '@trunkline/kernel';

/**
 * A number that another carrier asks for, from the request to its end. Carriers may call a request off at any time before it is done, and do port
 * what was refused or called off.
 */
export const PORT_OUT_STATES = [
  'received',
  'pending_tenant',
  'authorized',
  'rejected',
  'foc_scheduled',
  'completed',
  'cancelled',
  'disputed',
  'reversing',
  'restored',
  'upheld',
] as const;
export type PortOutState = (typeof PORT_OUT_STATES)[number];

export const PORT_OUT_TRANSITIONS: Transitions<PortOutState> = {
  received: ['rejected', 'pending_tenant', 'authorized', 'cancelled'],
  pending_tenant: ['authorized', 'rejected', 'cancelled'],
  authorized: ['foc_scheduled', 'completed', 'cancelled'],
  foc_scheduled: ['completed', 'cancelled'],
  completed: ['disputed'],
  disputed: ['reversing', 'upheld'],
  reversing: ['restored', 'upheld'],
  rejected: ['completed'],
  cancelled: ['completed'],
  restored: [],
  upheld: [],
};

/** The request holds the number: nobody releases or moves it meanwhile. */
export const holdsNumber = (state: PortOutState): boolean => ['received', 'pending_tenant', 'authorized', 'foc_scheduled'].includes(state);
