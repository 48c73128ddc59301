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
  messaging: z.object({ messaging_port_status: text }).nullish(),
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

export const focWindows = z.object({ data: z.array(z.object({ started_at: time, ended_at: time })) });

const requirementType = z.object({ id: z.string(), name: z.string().default(''), description: text, type: text });
export type TelnyxRequirementType = z.infer<typeof requirementType>;
export const requirements = z.object({
  data: z.array(z.object({ requirement_types: z.array(requirementType).default([]) })),
});
export const orderRequirements = z.object({
  data: z.array(z.object({ field_value: text, requirement_type: requirementType })),
});

export const recordCoverages = z.object({
  data: z.array(
    z.object({
      phone_number: z.string(),
      has_csr_coverage: z.boolean().default(false),
      reason: text,
      additional_data_required: z
        .array(z.string())
        .nullish()
        .transform((all) => all ?? []),
    }),
  ),
});
const customerRecord = z.object({
  id: z.string(),
  status: z.string(),
  error_message: text,
  result: z
    .object({
      admin: z.object({ name: text, authorized_person_name: text, account_number: text, billing_phone_number: text }).nullish(),
      address: z
        .object({ full_address: text, street_address: text, locality: text, administrative_area: text, postal_code: text })
        .nullish(),
      associated_phone_numbers: z.array(z.string()).nullish(),
    })
    .nullish(),
});
export type TelnyxCustomerRecord = z.infer<typeof customerRecord>;
export const customerRecordAnswer = z.object({ data: customerRecord });
export const customerRecords = z.object({ data: z.array(customerRecord) });

export const activationJobs = z.object({ data: z.array(z.object({ id: z.string(), status: z.string() })) });
export const anything = z.object({});

export const uploaded = z.object({ data: z.object({ id: z.string() }) });
export const documents = z.object({ data: z.array(z.object({ id: z.string() })) });
export const comments = z.object({
  data: z.array(z.object({ id: z.string(), body: z.string().default(''), created_at: time, user_type: z.string() })),
});
