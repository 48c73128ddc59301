import type { PortRequest } from '../../core/porting-carrier.ts';

/** An order's account, as Telnyx names it. @param documents the ids that its documents have there */
export const telnyxDetails = (
  { fields, country, requestedFocAt }: PortRequest,
  documents: Readonly<Partial<Record<'loa' | 'invoice', string>>>,
) => ({
  documents,
  end_user: {
    admin: {
      entity_name: fields['subscriber_name'] ?? null,
      auth_person_name: fields['signer_name'] ?? null,
      account_number: fields['account_number'] ?? null,
      billing_phone_number: fields['billing_number'] ?? null,
      pin_passcode: fields['pin'] ?? null,
      tax_identifier: fields['tax_id'] ?? null,
      business_identifier: fields['business_registration'] ?? null,
    },
    location: {
      street_address: fields['service_address'] ?? null,
      locality: fields['city'] ?? null,
      administrative_area: fields['state'] ?? null,
      postal_code: fields['postal_code'] ?? null,
      country_code: country,
    },
  },
  misc: miscOf(fields),
  ...(requestedFocAt && { activation_settings: { foc_datetime_requested: requestedFocAt.toISOString() } }),
});

const miscOf = (fields: PortRequest['fields']) => {
  const said = fields['remaining_numbers'];
  const rest: 'keep' | 'disconnect' | null = said === 'keep' ? 'keep' : said === 'disconnect' ? 'disconnect' : null;
  return {
    type: rest === null ? ('full' as const) : ('partial' as const),
    remaining_numbers_action: rest,
    new_billing_phone_number: fields['new_billing_number'] ?? null,
  };
};
