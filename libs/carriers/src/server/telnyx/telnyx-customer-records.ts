import type { RecordAnswer, RecordRequest } from '../../core/porting-carrier.ts';
import { CarrierRefusal } from '../porting-carrier.ts';
import type { TelnyxApi } from './telnyx-api.ts';
import { asked } from './telnyx-ask.ts';
import { customerRecordAnswer, customerRecords, recordCoverages } from './telnyx-port-answers.ts';
import type { TelnyxCustomerRecord } from './telnyx-port-answers.ts';

const PATH = '/customer_service_records';
/** What a losing carrier may want to be told, as Telnyx names it and as our fields are called. `customer_code` is none of them. */
const DATA: Readonly<Record<string, string>> = {
  name: 'subscriber_name',
  authorized_person_name: 'signer_name',
  account_number: 'account_number',
  pin: 'pin',
  address_line_1: 'service_address',
  city: 'city',
  state: 'state',
  zip_code: 'postal_code',
  billing_phone_number: 'billing_number',
};

/**
 * Has Telnyx ask a losing carrier for its customer service record. What the carrier does not want to be told of the account is not told. It keeps no
 * reference of ours: a record that was asked for since we wanted it is the one.
 */
export const requestTelnyxRecord = async (api: TelnyxApi, { number, fields, since }: RecordRequest): Promise<string> => {
  const coverage = await asked(api.post(`${PATH}/phone_number_coverages`, { phone_numbers: [number] }, recordCoverages));
  const { has_csr_coverage: isCovered = false, reason, additional_data_required: needs = [] } = coverage.data[0] ?? {};
  if (!isCovered) throw new CarrierRefusal('no_record', reason || 'The losing carrier gives no records');
  const missing = needs.filter((need) => !fields[DATA[need] ?? '']);
  if (missing.length > 0)
    throw new CarrierRefusal('needs_more', `The losing carrier wants to know ${missing.map(fieldOf).join(', ')} first`);
  const query = { 'filter[phone_number][eq]': number, 'filter[created_at][gt]': new Date(since.getTime() - 1_000).toISOString() };
  const { data: known } = await asked(api.get(PATH, query, customerRecords));
  const found = known.find(({ status }) => status !== 'failed');
  if (found) return found.id;
  const told = Object.fromEntries(needs.map((need) => [need, fields[DATA[need] ?? '']]));
  const body = { phone_number: number, ...(needs.length > 0 && { additional_data: told }) };
  return (await asked(api.post(PATH, body, customerRecordAnswer))).data.id;
};

export const readTelnyxRecord = async (api: TelnyxApi, ref: string): Promise<RecordAnswer> => {
  const { data: said } = await asked(api.get(`${PATH}/${encodeURIComponent(ref)}`, {}, customerRecordAnswer));
  if (said.status === 'failed') return { kind: 'untold', reason: said.error_message || 'The losing carrier gave no record' };
  return said.result ? { kind: 'told', record: recordOf(said.result) } : { kind: 'pending' };
};

const fieldOf = (need: string): string => DATA[need] ?? need;

const recordOf = ({ admin, address, associated_phone_numbers: all }: NonNullable<TelnyxCustomerRecord['result']>) => {
  const fields = {
    subscriber_name: admin?.name,
    signer_name: admin?.authorized_person_name,
    account_number: admin?.account_number,
    billing_number: admin?.billing_phone_number && e164Of(admin.billing_phone_number),
    service_address: address?.street_address || address?.full_address,
    city: address?.locality,
    state: address?.administrative_area,
    postal_code: address?.postal_code,
  };
  const told = Object.entries(fields).filter((field): field is [string, string] => Boolean(field[1]));
  return { fields: Object.fromEntries(told), numbers: (all ?? []).map(e164Of) };
};

/** Records have numbers as the losing carrier writes them; those that they are of are North American. */
const e164Of = (said: string): string => {
  const digits = said.replace(/\D/g, '');
  return said.startsWith('+') ? `+${digits}` : digits.length === 10 ? `+1${digits}` : `+${digits}`;
};
