import type { Transitions } from '@trunkline/kernel';

/** How far the operator has come in knowing a tenant. */
export const KYC_STATES = ['unverified', 'submitted', 'more_information', 'approved', 'rejected', 'expired'] as const;
export type KycState = (typeof KYC_STATES)[number];

/** A tenant submits, the operator answers, time expires. What was rejected begins anew when the operator reopens it. */
export const KYC_TRANSITIONS: Transitions<KycState> = {
  unverified: ['submitted'],
  submitted: ['approved', 'rejected', 'more_information', 'expired'], // a renewal that nobody answered in time
  more_information: ['submitted', 'rejected'],
  approved: ['submitted', 'more_information', 'rejected', 'expired'],
  rejected: ['unverified'],
  expired: ['submitted', 'rejected'],
};

/** Where the tenant may change what it says. What is being looked at, or was approved, stays as it was seen. */
export const isEditable = (state: KycState): boolean => state === 'unverified' || state === 'more_information' || state === 'expired';
