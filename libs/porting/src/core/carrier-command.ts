import type { PortStanding } from './port-history.ts';

export type CarrierVerb = 'check' | 'create' | 'supplement' | 'cancel' | 'activate' | 'reverse';
/** `key` is the same for every attempt, so that a carrier that has it already only acknowledges it again. */
export type CarrierCommand = { readonly verb: CarrierVerb; readonly key: string };

/** What the carrier has yet to be told of an order as it stands; null: nothing. */
export const commandOf = (order: PortStanding): CarrierCommand | null => {
  const verb = verbOf(order);
  if (verb === null) return null;
  const key = `${verb}:${verb === 'create' || verb === 'supplement' ? order.version : order.stateSince.getTime()}`;
  return key === order.sent ? null : { verb, key };
};

const verbOf = ({ state, carrierRef, onDemand }: PortStanding): CarrierVerb | null => {
  if (state === 'validating') return 'check';
  if (state === 'submitting') return 'create';
  if (state === 'supplementing') return carrierRef === null ? 'create' : 'supplement';
  // whether the first attempt arrived is known to the carrier alone: it is told again, and then that we want it no more
  if (state === 'cancel_requested') return carrierRef === null ? 'create' : 'cancel';
  if (state === 'expired') return carrierRef === null ? null : 'cancel';
  if (state === 'activating') return onDemand ? 'activate' : null;
  return state === 'reversing' ? 'reverse' : null;
};
