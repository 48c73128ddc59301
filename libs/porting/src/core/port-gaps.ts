/** What every carrier asks of the account that numbers leave, whatever the country. */
export const ACCOUNT_FIELDS = ['account_number', 'subscriber_name', 'service_address', 'postal_code', 'signer_name'] as const;

/** The fields that an order lacks before it can be submitted. */
export const gapsOf = (fields: Readonly<Record<string, string>>): readonly string[] => ACCOUNT_FIELDS.filter((name) => !fields[name]);
