import type { PortRejection } from '@trunkline/carriers';

export type FixableBy = 'tenant' | 'system' | 'carrier' | 'operator' | 'nobody';
/** How it goes on: the same order with a supplement, another order, without the number, or once more as it was. */
export type ResubmitMode = 'supplement' | 'new_order' | 'drop_number' | 'retry';
type Reason = {
  readonly says: string;
  readonly fixableBy: FixableBy;
  readonly resubmit: ResubmitMode;
  readonly fields: readonly string[]; // of the order, by their names; one of them has to change
};

const tenant = (says: string, ...fields: string[]): Reason => ({ says, fixableBy: 'tenant', resubmit: 'supplement', fields });
const anew = (says: string): Reason => ({ says, fixableBy: 'tenant', resubmit: 'new_order', fields: [] });
const dropped = (says: string): Reason => ({ says, fixableBy: 'nobody', resubmit: 'drop_number', fields: [] });
const other = (fixableBy: FixableBy, says: string): Reason => ({ says, fixableBy, resubmit: 'retry', fields: [] });

/** Why carriers send a request back, in one vocabulary for all of them. */
export const REJECT_REASONS = {
  NAME_MISMATCH: tenant('The name is not the one the losing carrier has', 'subscriber_name'),
  AUTH_PERSON_MISMATCH: tenant('Whoever signed may not decide for the account', 'signer_name'),
  ADDRESS_MISMATCH: tenant('The address is not the one the losing carrier has', 'service_address'),
  POSTAL_CODE_MISMATCH: tenant('The postal code is not the one the losing carrier has', 'postal_code'),
  ACCOUNT_NUMBER_MISMATCH: tenant('The account number is not the one the losing carrier has', 'account_number'),
  PIN_INVALID: tenant('The PIN of the account is missing or another', 'pin'),
  BTN_MISMATCH: tenant('The billing number is not the account’s', 'billing_number'),
  MAIN_BTN_PORTING: tenant('The billing number leaves: the rest of the account needs another', 'new_billing_number'),
  TN_MISMATCH: anew('A number is not on the account'),
  TN_NOT_ACTIVE: anew('A number is not in service'),
  TN_NOT_PORTABLE: dropped('The number cannot be ported'),
  RATE_CENTER_UNSUPPORTED: dropped('No carrier of ours serves the place of the number'),
  PORT_TYPE_INCORRECT: tenant('Numbers stay on the account, or none does: the request says the opposite', 'remaining_numbers'),
  SPLIT_REQUIRED: other('system', 'The numbers belong into several orders'),
  SPECIAL_FEATURE: tenant('A service on the number must first be ended at the losing carrier'),
  PENDING_ORDER: tenant('The losing carrier has another order for the number'),
  PORT_LOCK: tenant('The number is locked: its holder must unlock it'),
  LOA_INVALID: tenant('The letter of authority is missing, too old or not signed', 'letter_of_authority'),
  DUE_DATE_INVALID: other('system', 'The date is too soon, or no working day'),
  FOC_EXPIRED: other('operator', 'The firm date went by'),
  OSP_UNRESPONSIVE: other('carrier', 'The losing carrier does not answer'),
  SV_CONFLICT: other('carrier', 'The carriers’ registrations contradict each other'),
  TOO_MANY_NUMBERS: other('system', 'One order has too many numbers'),
  RESPORG_MISMATCH: tenant('Another organisation is responsible for the toll-free number', 'responsible_organisation'),
  OTHER: other('operator', 'None of the usual reasons'),
} as const satisfies Readonly<Record<string, Reason>>;
export type RejectCode = keyof typeof REJECT_REASONS;

const isKnown = (code: string): code is RejectCode => Object.hasOwn(REJECT_REASONS, code);

/** A rejection as people read it: what it means, who can do something about it, and where. A code that is none of ours is OTHER. */
export const explained = ({ code, carrierCode, carrierText, numbers }: PortRejection): PortRejection & Reason => {
  const known = isKnown(code) ? code : 'OTHER';
  return { code: known, carrierCode, carrierText, numbers, ...REJECT_REASONS[known] };
};

/** The fields that rejections name: a resubmission changes at least one of them. None: nothing has to change. */
export const namedFields = (rejections: readonly PortRejection[]): readonly string[] => [
  ...new Set(rejections.flatMap((r) => explained(r).fields)),
];

/** Whether the order cannot go on as it is: its numbers belong into another one. */
export const needsNewOrder = (rejections: readonly PortRejection[]): boolean =>
  rejections.some((r) => ['new_order', 'drop_number'].includes(explained(r).resubmit));
