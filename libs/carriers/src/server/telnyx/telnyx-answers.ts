import { isE164 } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { z } from 'zod';

// What we read of Telnyx's answers, which hold more. Its own types declare every field as one that may be missing.
const e164 = z.string().refine(isE164);
const status = z.enum(['pending', 'success', 'failure']);

export const availableNumbers = z.object({
  data: z.array(
    z.object({
      phone_number: e164,
      region_information: z.array(z.object({ region_type: z.string(), region_name: z.string() })).default([]),
    }),
  ),
});
export type AvailableNumber = z.infer<typeof availableNumbers>['data'][number] & { readonly phone_number: E164 };

const order = z.object({
  id: z.string(),
  status,
  phone_numbers: z.array(z.object({ phone_number: z.string(), status: status.optional() })).default([]),
});
export const numberOrder = z.object({ data: order });
export const numberOrders = z.object({ data: z.array(z.object({ id: z.string() })) });
export type TelnyxOrder = z.infer<typeof order>;

export const numberReservation = z.object({
  data: z.object({
    id: z.string(),
    status,
    phone_numbers: z.array(
      z.object({ phone_number: z.string(), status: status.optional(), expired_at: z.iso.datetime({ offset: true }).optional() }),
    ),
  }),
});

export const phoneNumbers = z.object({ data: z.array(z.object({ id: z.string(), phone_number: z.string() })) });
