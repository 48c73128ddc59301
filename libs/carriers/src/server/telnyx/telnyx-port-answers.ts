import { z } from 'zod';

// What we read of Telnyx's answers about ports. Statuses stay text: one that is new there must not make an answer unreadable.
const time = z.iso.datetime({ offset: true });
const text = z.string().nullish();

export const portabilityChecks = z.object({
  data: z.array(
    z.object({
      phone_number: z.string(),
      portable: z.boolean(),
      fast_portable: z.boolean().default(false),
      not_portable_reason: text,
      carrier_name: text,
      phone_number_type: text,
    }),
  ),
});

const order = z.object({
  id: z.string(),
  status: z.object({
    value: z.string(),
    details: z
      .array(z.object({ code: text, description: text }))
      .nullish()
      .transform((all) => all ?? []),
  }),
  updated_at: time,
  customer_group_reference: text,
  activation_settings: z.object({ foc_datetime_actual: time.nullish() }).nullish(),
  phone_numbers: z
    .array(z.object({ phone_number: z.string(), activation_status: text }))
    .nullish()
    .transform((all) => all ?? []),
});
export type TelnyxPort = z.infer<typeof order>;
export const portingOrder = z.object({ data: order });
export const portingOrders = z.object({ data: z.array(order) });
export const portingNumbers = z.object({ data: z.array(z.object({ phone_number: z.string(), activation_status: text })) });

export const activationJobs = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });
export const anything = z.object({});

export const uploaded = z.object({ data: z.object({ id: z.string() }) });
export const documents = z.object({ data: z.array(z.object({ id: z.string() })) });
export const comments = z.object({
  data: z.array(z.object({ id: z.string(), body: z.string().default(''), created_at: time, user_type: z.string() })),
});
