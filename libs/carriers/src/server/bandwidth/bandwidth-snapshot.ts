import { bandwidthReason } from '../../core/carrier-reasons.ts';
import { versionAt } from '../../core/carrier-version.ts';
import type { CarrierNumberStatus, CarrierPortSnapshot, CarrierPortStatus } from '../../core/porting-carrier.ts';
import type { BandwidthOrder } from './bandwidth-answers.ts';
import { toE164, versionOf } from './bandwidth-request.ts';

const STATUSES: Readonly<Record<string, CarrierPortStatus>> = {
  DRAFT: 'received',
  VALIDATE_DRAFT_TFNS: 'received',
  VALID_DRAFT_TFNS: 'received',
  INVALID_DRAFT_TFNS: 'rejected',
  VALIDATE_TFNS: 'received',
  INVALID_TFNS: 'rejected',
  PENDING_DOCUMENTS: 'rejected',
  SUBMITTED: 'accepted',
  REQUESTED_SUPP: 'received',
  EXCEPTION: 'rejected',
  FOC: 'foc',
  REQUESTED_CANCEL: 'accepted',
  CANCELLED: 'cancelled',
  COMPLETE: 'closed',
};
const ZONE = 'America/New_York';
const NO_TIME = 'T11:30:00'; // a firm date without a time is worked then, in New York

/** An order of Bandwidth in our words. @param activated numbers that are live, national; of an order whose date is firm */
export const bandwidthSnapshot = (ref: string, order: BandwidthOrder, activated: readonly string[], now: Date): CarrierPortSnapshot => {
  const said = order.ProcessingStatus.toUpperCase();
  const status = Object.hasOwn(STATUSES, said) ? STATUSES[said]! : 'unknown';
  return {
    ref,
    version: order.LastModifiedDate === undefined ? 0 : versionAt(instantOf(order.LastModifiedDate), now),
    answers: versionOf(order.CustomerOrderId),
    status,
    carrierStatus: order.ProcessingStatus,
    foc: order.ActualFocDate === undefined ? null : { at: focOf(order.ActualFocDate), timeZone: ZONE },
    rejections: status === 'rejected' ? rejectionsOf(said, order) : [],
    numbers: order.ListOfPhoneNumbers.map((n) => ({ e164: toE164(n), status: numberStatus(status, activated.includes(n)) })),
    cancel: said === 'REQUESTED_CANCEL' ? 'pending' : 'none',
    reversal: 'none',
  };
};

const numberStatus = (status: CarrierPortStatus, isLive: boolean): CarrierNumberStatus => {
  if (status === 'closed' || isLive) return 'active';
  return status === 'cancelled' ? 'cancelled' : 'pending';
};

const rejectionsOf = (said: string, { Errors: errors }: BandwidthOrder) => {
  if (errors.length === 0)
    return [{ code: said === 'PENDING_DOCUMENTS' ? 'LOA_INVALID' : 'OTHER', carrierCode: said, carrierText: '', numbers: [] }];
  return errors.map(({ Code, Description, TelephoneNumbers }) => ({
    code: bandwidthReason(Code),
    carrierCode: Code,
    carrierText: Description,
    numbers: TelephoneNumbers.map(toE164),
  }));
};

/** Times without a zone are UTC there. */
export const instantOf = (said: string): Date => new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(said) ? said : `${said}Z`);

export const focOf = (said: string): Date => {
  const [date = '', time] = said.split('T');
  if (time !== undefined) return instantOf(said);
  const asUtc = new Date(`${date}${NO_TIME}Z`);
  return new Date(asUtc.getTime() - offsetMs(asUtc));
};

const local = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' });
/** How far New York is from UTC on a day: no clock there changes near 11:30. */
const offsetMs = (at: Date): number => {
  const name = local.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '-', hours = '0'] = /GMT([+-])(\d{2})/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * Number(hours) * 3_600_000;
};
