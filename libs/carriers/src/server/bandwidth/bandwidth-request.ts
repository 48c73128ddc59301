import type { PortRequest } from '../../core/porting-carrier.ts';

/** Numbers there are national: ten digits of the North American plan, the only one that its port-ins take. */
export const toNational = (e164: string): string => e164.replace(/^\+1/, '');
export const toE164 = (national: string): string => `+1${national}`;

/** Our id of the order and the version of the request: 40 letters at most, which can be searched for. */
export const customerOrderId = (orderId: string, version: number): string => `${orderId}-${version}`;
export const versionOf = (said: string): number => Number(/^[0-9a-f-]{36}-(\d{1,3})$/.exec(said)?.[1] ?? 0);
export const orderIdOf = (said: string): string => said.slice(0, 36);

/** An LnpOrder, or an LnpOrderSupp, which is the same for an order that is there. */
export const bandwidthOrder = (orderId: string, siteId: string, request: PortRequest, status?: 'draft' | 'submitted') => {
  const { fields, numbers, requestedFocAt, version } = request;
  const rest = fields['remaining_numbers'];
  return {
    ...(status && { ProcessingStatus: status }),
    CustomerOrderId: customerOrderId(orderId, version),
    SiteId: siteId,
    ...(requestedFocAt && { RequestedFocDate: requestedFocAt.toISOString().replace(/\.\d+Z$/, 'Z'), Triggered: 'true' }),
    ...(fields['billing_number'] && { BillingTelephoneNumber: toNational(fields['billing_number']) }),
    ...(fields['new_billing_number'] && { NewBillingTelephoneNumber: toNational(fields['new_billing_number']) }),
    Subscriber: subscriberOf(request),
    ...(fields['signer_name'] && { LoaAuthorizingPerson: fields['signer_name'] }),
    ...(fields['account_number'] && {
      WirelessInfo: { AccountNumber: fields['account_number'], ...(fields['pin'] && { PinNumber: fields['pin'] }) },
    }),
    ...(fields['responsible_organisation'] && { RespOrgId: fields['responsible_organisation'] }),
    ListOfPhoneNumbers: { PhoneNumber: numbers.map(toNational) },
    PartialPort: String(rest === 'keep' || rest === 'disconnect'),
  };
};

const subscriberOf = ({ fields, customer, country }: PortRequest) => {
  const [houseNumber, street] = splitStreet(fields['service_address'] ?? '');
  const name = fields['subscriber_name'] ?? '';
  const last = name.lastIndexOf(' ');
  return {
    SubscriberType: customer === 'business' ? 'BUSINESS' : 'RESIDENTIAL',
    ...(customer === 'business' ? { BusinessName: name } : { FirstName: name.slice(0, Math.max(last, 0)), LastName: name.slice(last + 1) }),
    ServiceAddress: {
      ...(houseNumber && { HouseNumber: houseNumber }),
      StreetName: street,
      City: fields['city'] ?? '',
      StateCode: fields['state'] ?? '',
      Zip: fields['postal_code'] ?? '',
      Country: country === 'CA' ? 'Canada' : 'United States',
    },
  };
};

/** `350 Fifth Avenue` is told as its number and its street. */
const splitStreet = (address: string): readonly [houseNumber: string, street: string] => {
  const [, houseNumber = '', street = address] = /^(\d+\w?)\s+(.+)$/.exec(address) ?? [];
  return [houseNumber, street];
};
