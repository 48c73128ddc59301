import { z } from 'zod';

// What we read of Bandwidth's answers about ports. An empty element is an empty text, and so is a list of nothing.
export const listOf = <T extends z.ZodType, K extends string>(key: K, item: T) =>
  z
    .union([z.object({ [key]: z.array(item).default([]) } as Record<K, z.ZodDefault<z.ZodArray<T>>>), z.literal('')])
    .optional()
    .transform((list) => ((list || {}) as Partial<Record<K, z.output<T>[]>>)[key] ?? []);

export const text = z.string();
export const time = z.iso.datetime({ offset: true, local: true });
const problem = z.object({ Code: text.default(''), Description: text.default(''), TelephoneNumbers: listOf('TelephoneNumber', text) });

/** `2023-01-30`, `2023-01-30T20:30:00Z` or with the offset written `-0500`. */
export const focTime = text.regex(/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/);

const order = z.object({
  OrderId: text.optional(),
  ProcessingStatus: text,
  CustomerOrderId: text.default(''),
  LastModifiedDate: time.optional(),
  ActualFocDate: focTime.optional(),
  Errors: z.array(problem).default([]),
  ListOfPhoneNumbers: listOf('PhoneNumber', text),
});
export type BandwidthOrder = z.infer<typeof order>;
export const lnpOrder = z.object({ LnpOrderResponse: order });

const csrAddress = z.object({
  ...{ UnparsedAddress: text.optional(), HouseNumber: text.optional(), PreDirectional: text.optional(), StreetName: text.optional() },
  ...{ StreetSuffix: text.optional(), PostDirectional: text.optional() },
  ...{ City: text.optional(), State: text.optional(), StateCode: text.optional(), Zip: text.optional() },
});
export const csrOrder = z.object({
  CsrResponse: z.object({
    OrderId: text.optional(),
    Status: text.default(''),
    CsrData: z
      .object({
        AccountNumber: text.optional(),
        CustomerName: text.optional(),
        ServiceAddress: z.union([csrAddress, z.literal('')]).optional(),
        WorkingTelephoneNumbersOnAccount: listOf('TelephoneNumber', text),
      })
      .optional(),
    Errors: z
      .array(z.union([z.object({ Error: z.array(z.object({ Description: text.default('') })).default([]) }), z.literal('')]))
      .default([]),
  }),
});
export type BandwidthCsr = z.infer<typeof csrOrder>['CsrResponse'];

export const lnpOrders = z.object({
  LNPResponseWrapper: z.object({
    lnpPortInfoForGivenStatus: z.array(z.object({ OrderId: text, ProcessingStatus: text.default('') })).default([]),
  }),
});

export const activation = z.object({
  ActivationStatusResponse: z.object({
    ActivationStatus: z.object({ ActivatedTelephoneNumbersList: listOf('TelephoneNumber', text) }),
  }),
});

export const losingCarriers = z.object({
  NumberPortabilityResponse: z.object({
    PortableNumbers: listOf('Tn', text),
    SupportedLosingCarriers: listOf(
      'LosingCarrierTnList',
      z.object({ LosingCarrierSPID: text.default(''), LosingCarrierName: text.default(''), TnList: listOf('Tn', text) }),
    ),
    UnsupportedRateCenters: listOf('RateCenterGroup', z.object({ TnList: listOf('Tn', text) })),
  }),
});

export const files = z.object({
  fileListResponse: z.object({
    fileData: z
      .array(
        z.object({
          FileName: text.optional(),
          fileName: text.optional(),
          FileMetaData: z.union([z.object({ DocumentName: text.optional() }), z.literal('')]).optional(),
        }),
      )
      .default([]),
  }),
});
export const fileUploaded = z.object({ fileUploadResponse: z.object({ filename: text }) });

export const notes = z.object({
  Notes: z.union([
    z.literal(''),
    z.object({
      Note: z.array(z.object({ Id: text, UserId: text.default(''), Description: text.default(''), LastDateModifier: time })).default([]),
    }),
  ]),
});

export const notification = z.object({ Notification: z.object({ OrderId: text, OrderType: text, Status: text.default('') }) });
export const anything = z.unknown();
