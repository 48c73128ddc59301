import type { RecordAnswer, RecordRequest } from '../../core/porting-carrier.ts';
import type { BandwidthCsr } from './bandwidth-answers.ts';
import { toE164, toNational } from './bandwidth-request.ts';

/** Why there is none, where it is not said; any other status is still on its way. */
const ENDS: Readonly<Record<string, string>> = {
  FAILED: 'The losing carrier gave no record',
  CANCELLED: 'The request was called off',
  ACTION_REQUIRED: 'The losing carrier wants to know more of the account first, such as its number or PIN',
};

/** An order of a customer service record (CSR). What the losing carrier may want to know is told as far as the order tells it. */
export const csrRequest = ({ orderId, number, fields }: RecordRequest) => ({
  CustomerOrderId: orderId,
  WorkingOrBillingTelephoneNumber: toNational(number),
  ...(fields['account_number'] && { AccountNumber: fields['account_number'] }),
  ...(fields['subscriber_name'] && { EndUserName: fields['subscriber_name'] }),
  ...(fields['signer_name'] && { AuthorizingUserName: fields['signer_name'] }),
  ...(fields['pin'] && { EndUserPIN: fields['pin'] }),
  ...(fields['postal_code'] && { ZIPCode: fields['postal_code'] }),
});

export const csrAnswer = ({ Status: status, CsrData: data, Errors: errors }: BandwidthCsr): RecordAnswer => {
  if (status.toUpperCase() === 'COMPLETE' && data) return { kind: 'told', record: recordOf(data) };
  const said = errors.flatMap((some) => (some === '' ? [] : some.Error)).map(({ Description }) => Description);
  const end = ENDS[status.toUpperCase()];
  return end === undefined ? { kind: 'pending' } : { kind: 'untold', reason: said.find(Boolean) ?? end };
};

const recordOf = (data: NonNullable<BandwidthCsr['CsrData']>) => {
  const address = data.ServiceAddress || {};
  const { HouseNumber, PreDirectional, StreetName, StreetSuffix, PostDirectional, UnparsedAddress } = address;
  const parts = [HouseNumber, PreDirectional, StreetName, StreetSuffix, PostDirectional].filter(Boolean);
  const fields = {
    subscriber_name: data.CustomerName,
    account_number: data.AccountNumber,
    service_address: StreetName ? parts.join(' ') : UnparsedAddress,
    city: address.City,
    state: address.State ?? address.StateCode,
    postal_code: address.Zip,
  };
  const told = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]));
  return { fields: Object.fromEntries(told), numbers: data.WorkingTelephoneNumbersOnAccount.map(toE164) };
};
