import { randomUUID } from 'node:crypto';
import type Telnyx from 'telnyx';
import type { Answer } from './telnyx-account.ts';

type CustomerRecord = Telnyx.CustomerServiceRecord;
type RequirementType = Telnyx.DocReqsRequirementType;
type Coverage = NonNullable<Telnyx.CustomerServiceRecordVerifyPhoneNumberCoverageResponse['data']>[number];

/** What Telnyx tells of ports before there are any: what it asks for, and what losing carriers have on record. */
export type TelnyxBeforehand = {
  /** By country and type, e.g. `US local`. */
  readonly requirements: Map<string, RequirementType[]>;
  /** Of numbers whose losing carrier gives records; others it does not. */
  readonly coverages: Map<string, NonNullable<Coverage['additional_data_required']>>;
  readonly records: (CustomerRecord & { id: string; asked: Telnyx.CustomerServiceRecordCreateParams })[];
  now: Date;
};

export const emptyBeforehand = (): TelnyxBeforehand => ({
  requirements: new Map(),
  coverages: new Map(),
  records: [],
  now: new Date('2026-03-02T16:00:00Z'),
});

const listed = (data: readonly object[]): Answer => ({
  status: 200,
  body: { data, meta: { total_pages: 1, total_results: data.length, page_number: 1, page_size: 250 } },
});
const missing: Answer = { status: 404, body: { errors: [{ code: '10005', title: 'Resource not found' }] } };

/** The losing carrier answers. */
export const tellRecord = (beforehand: TelnyxBeforehand, id: string, change: Partial<CustomerRecord>): void => {
  Object.assign(
    beforehand.records.find((r) => r.id === id)!,
    change,
    { updated_at: beforehand.now.toISOString() },
  );
};

const coverageOf = ({ coverages }: TelnyxBeforehand, phone_number: string): Coverage => {
  const needs = coverages.get(phone_number);
  const about = { record_type: 'customer_service_record_phone_number_coverage', phone_number };
  return needs
    ? { ...about, has_csr_coverage: true, additional_data_required: needs }
    : { ...about, has_csr_coverage: false, reason: 'The carrier is not covered' };
};

const ask = (beforehand: TelnyxBeforehand, asked: Telnyx.CustomerServiceRecordCreateParams): Answer => {
  const at = beforehand.now.toISOString();
  const record = {
    ...{ id: randomUUID(), record_type: 'customer_service_record', phone_number: asked.phone_number, status: 'pending' as const },
    ...{ error_message: null, result: null, created_at: at, updated_at: at },
  };
  beforehand.records.push({ ...record, asked });
  return { status: 201, body: { data: record } };
};

/** Answers one such request as Telnyx's API v2 would; undefined: it is about something else. */
export const answerBeforehand = (beforehand: TelnyxBeforehand, method: string, url: URL, body: string): Answer | undefined => {
  const route = `${method} ${url.pathname}`;
  const query = url.searchParams;
  if (route === 'GET /v2/requirements') {
    const [country_code, phone_number_type] = [query.get('filter[country_code]') ?? '', query.get('filter[phone_number_type]') ?? ''];
    const requirement_types = beforehand.requirements.get(`${country_code} ${phone_number_type}`);
    const about = { id: randomUUID(), record_type: 'requirement', action: query.get('filter[action]'), country_code, phone_number_type };
    return listed(requirement_types ? [{ ...about, locality: '', requirement_types }] : []);
  }
  const path = '/v2/customer_service_records';
  if (route === `POST ${path}/phone_number_coverages`)
    return listed((JSON.parse(body) as { phone_numbers: string[] }).phone_numbers.map((n) => coverageOf(beforehand, n)));
  if (route === `POST ${path}`) return ask(beforehand, JSON.parse(body) as Telnyx.CustomerServiceRecordCreateParams);
  if (route === `GET ${path}`) {
    const [number, since] = [query.get('filter[phone_number][eq]'), query.get('filter[created_at][gt]') ?? ''];
    return listed(beforehand.records.filter((r) => r.phone_number === number && r.created_at! > since).reverse());
  }
  const [, id] = /^GET \/v2\/customer_service_records\/([^/]+)$/.exec(route) ?? [];
  if (id === undefined) return undefined;
  const record = beforehand.records.find((r) => r.id === id);
  return record ? { status: 200, body: { data: record } } : missing;
};
