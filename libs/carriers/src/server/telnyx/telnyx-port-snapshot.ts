import { telnyxReason } from '../../core/carrier-reasons.ts';
import { versionAt } from '../../core/carrier-version.ts';
import type { CarrierNumberStatus, CarrierPortSnapshot, CarrierPortStatus } from '../../core/porting-carrier.ts';
import type { TelnyxPort } from './telnyx-port-answers.ts';

const STATUSES: Readonly<Record<string, CarrierPortStatus>> = {
  draft: 'received',
  'in-process': 'accepted',
  submitted: 'accepted',
  exception: 'rejected',
  'foc-date-confirmed': 'foc',
  ported: 'closed',
  'cancel-pending': 'accepted',
  cancelled: 'cancelled',
};
/** Of a number while its order is open, by the states of a subscription version; what is not here is still under way. */
const NUMBERS: Readonly<Record<string, CarrierNumberStatus>> = {
  Active: 'active',
  Failed: 'failed',
  Conflict: 'failed',
  Cancelled: 'cancelled',
};
const ENDED: { readonly [S in CarrierPortStatus]?: CarrierNumberStatus } = { closed: 'active', cancelled: 'cancelled' };

type TelnyxNumber = TelnyxPort['phone_numbers'][number];

/** An order of Telnyx in our words. @param numbers all of it */
export const telnyxSnapshot = (order: TelnyxPort, numbers: readonly TelnyxNumber[], now: Date): CarrierPortSnapshot => {
  const { value } = order.status;
  const status = Object.hasOwn(STATUSES, value) ? STATUSES[value]! : 'unknown';
  const foc = order.activation_settings?.foc_datetime_actual;
  return {
    ref: order.id,
    version: versionAt(new Date(order.updated_at), now),
    answers: Number(order.customer_group_reference ?? 0) || 0,
    status,
    carrierStatus: value,
    foc: foc == null ? null : { at: new Date(foc), timeZone: 'UTC' }, // it names no zone
    rejections: status === 'rejected' ? rejectionsOf(order) : [],
    numbers: numbers.map((n) => ({ e164: n.phone_number, status: numberStatus(status, n) })),
    cancel: value === 'cancel-pending' ? 'pending' : 'none',
    reversal: 'none',
    messaging: order.messaging?.messaging_port_status ?? null,
  };
};

const numberStatus = (status: CarrierPortStatus, { activation_status: said }: TelnyxNumber): CarrierNumberStatus => {
  const known = NUMBERS[said ?? ''];
  return known === 'active' || known === 'cancelled' ? known : (ENDED[status] ?? known ?? 'pending');
};

const rejectionsOf = ({ status: { details } }: TelnyxPort) => {
  const told = details.map(({ code, description }) => ({
    code: telnyxReason(code ?? ''),
    carrierCode: code ?? '',
    carrierText: description ?? '',
    numbers: [],
  }));
  return told.length > 0 ? told : [{ code: 'OTHER', carrierCode: '', carrierText: '', numbers: [] }];
};
