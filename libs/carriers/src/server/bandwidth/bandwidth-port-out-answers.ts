import { z } from 'zod';
import { versionAt } from '../../core/carrier-version.ts';
import type { CarrierPortOut, CarrierPortOutStatus } from '../../core/port-out-carrier.ts';
import { focTime, listOf, text, time } from './bandwidth-answers.ts';
import { toE164 } from './bandwidth-request.ts';
import { focOf, instantOf } from './bandwidth-snapshot.ts';

/** What it asks on the line; each but the numbers may be missing. */
const said = z
  .string()
  .max(200)
  .optional()
  .transform((value) => value || null);
export const portOutValidation = z.object({
  PortOutValidationRequest: z.object({
    PON: said,
    Pin: said,
    AccountNumber: said,
    ZipCode: said,
    SubscriberName: said,
    TelephoneNumbers: listOf('TelephoneNumber', z.string().regex(/^[2-9]\d{9}$/)),
  }),
});
export type PortOutValidation = z.infer<typeof portOutValidation>['PortOutValidationRequest'];

const order = z.object({
  PortOutStatus: text.optional(), // as its client's recorded answer has it
  ProcessingStatus: text.optional(), // as its lists have it
  PON: text.default(''),
  SPID: text.default(''),
  ActualFocDate: focTime.optional(),
  OrderCreateDate: time.optional(),
  LastModifiedDate: time,
  ListOfPhoneNumbers: listOf('PhoneNumber', text),
});
export type BandwidthPortOut = z.infer<typeof order>;
export const portOutOrder = z.object({ LnpOrderResponse: order });
export const portOutOrders = z.object({
  LNPResponseWrapper: z.object({
    Links: z.union([z.object({ next: text.optional() }), z.literal('')]).optional(),
    lnpPortInfoForGivenStatus: z.array(z.object({ OrderId: text, ProcessingStatus: text.default(''), lastModifiedDate: time })).default([]),
  }),
});

const STATUSES: Readonly<Record<string, CarrierPortOutStatus>> = {
  NEW: 'open',
  PENDING: 'open',
  EXCEPTION: 'open', // disputed by our own answer, and open to be corrected
  FOC: 'foc',
  COMPLETE: 'ported',
  CANCELLED: 'cancelled',
  FAILED: 'cancelled',
};
export const bandwidthPortOutStatus = (word: string): CarrierPortOutStatus =>
  Object.hasOwn(STATUSES, word.toUpperCase()) ? STATUSES[word.toUpperCase()]! : 'unknown';

/** An order of numbers that leave. Nobody can answer it: what was to be decided was asked on the line. */
export const bandwidthPortOut = (ref: string, found: BandwidthPortOut, now: Date): CarrierPortOut => {
  const changedAt = instantOf(found.LastModifiedDate);
  return {
    ref,
    version: versionAt(changedAt, now),
    status: bandwidthPortOutStatus(found.PortOutStatus ?? found.ProcessingStatus ?? ''),
    numbers: found.ListOfPhoneNumbers.map(toE164),
    pin: null,
    accountNumber: null,
    postalCode: null,
    subscriberName: null,
    purchaseOrder: found.PON || null,
    winningCarrier: { id: found.SPID || null, name: found.SPID || 'unknown' },
    deadline: found.OrderCreateDate === undefined ? changedAt : instantOf(found.OrderCreateDate),
    focAt: found.ActualFocDate === undefined ? null : focOf(found.ActualFocDate),
  };
};
