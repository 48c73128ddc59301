import { z } from 'zod';
import { versionAt } from '../../core/carrier-version.ts';
import type { CarrierPortOut, CarrierPortOutStatus } from '../../core/port-out-carrier.ts';

// What we read of Telnyx's answers about numbers that leave. Statuses stay text: one that is new there must not make an answer unreadable.
const time = z.iso.datetime({ offset: true });
const text = z.string().nullish();

const portOut = z.object({
  id: z.string(),
  status: z.string(),
  phone_numbers: z
    .array(z.string())
    .nullish()
    .transform((all) => all ?? []),
  carrier_name: text,
  spid: text,
  pon: text,
  end_user_name: text,
  zip: text,
  foc_date: time.nullish(),
  inserted_at: time,
  updated_at: time,
});
export type TelnyxPortOut = z.infer<typeof portOut>;
export const portOutAnswer = z.object({ data: portOut });
export const portOuts = z.object({ data: z.array(portOut) });
export const portOutEvents = z.object({
  data: z.array(z.object({ event_type: text, payload: z.object({ attempted_pin: text }).nullish() })),
});
export const rejectionCodes = z.object({ data: z.array(z.object({ code: z.number(), description: z.string().default('') })) });
export const portOutComments = z.object({ data: z.array(z.object({ body: z.string().default('') })) });

const STATUSES: Readonly<Record<string, CarrierPortOutStatus>> = {
  pending: 'open',
  authorized: 'authorized',
  'rejected-pending': 'rejected',
  rejected: 'rejected',
  ported: 'ported',
  canceled: 'cancelled',
};
/** It asks to be answered within 24 or 48 hours, does not say which, and authorizes after them: the shorter one is kept. */
const ANSWER_MS = 24 * 3_600_000;

/** @param pin that the request was made with; its messages alone tell */
export const telnyxPortOut = (said: TelnyxPortOut, pin: string | null, now: Date): CarrierPortOut => {
  const status = Object.hasOwn(STATUSES, said.status) ? STATUSES[said.status]! : 'unknown';
  const focAt = said.foc_date == null ? null : new Date(said.foc_date);
  return {
    ref: said.id,
    version: versionAt(new Date(said.updated_at), now),
    status: status === 'authorized' && focAt !== null ? 'foc' : status,
    numbers: said.phone_numbers,
    pin,
    accountNumber: null, // it tells none
    postalCode: said.zip || null,
    subscriberName: said.end_user_name || null,
    purchaseOrder: said.pon || null,
    winningCarrier: { id: said.spid || null, name: said.carrier_name || 'unknown' },
    deadline: new Date(new Date(said.inserted_at).getTime() + ANSWER_MS),
    focAt,
  };
};
