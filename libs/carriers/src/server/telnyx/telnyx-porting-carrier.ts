import { Clock, notFound } from '@trunkline/kernel';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type {
  CarrierPortEvent,
  CarrierPortNote,
  CarrierPortSnapshot,
  CarrierRequirement,
  FocWindow,
  Portability,
  PortableType,
  PortingAbilities,
  PortPaper,
  PortRequest,
  RecordAnswer,
  RecordRequest,
} from '../../core/porting-carrier.ts';
import { takenFrom } from '../../core/foc-windows.ts';
import type { SignedMessage } from '../number-supplier.ts';
import { CarrierRefusal, PortingCarrier } from '../porting-carrier.ts';
import { TelnyxApi } from './telnyx-api.ts';
import { asked } from './telnyx-ask.ts';
import { readTelnyxRecord, requestTelnyxRecord } from './telnyx-customer-records.ts';
import {
  activationJobs,
  anything,
  comments,
  documents,
  focWindows as allowedFocWindows,
  orderRequirements,
  portabilityChecks,
  portingNumbers,
  portingOrder,
  portingOrders,
  requirements,
  uploaded,
} from './telnyx-port-answers.ts';
import type { TelnyxPort } from './telnyx-port-answers.ts';
import { telnyxDetails } from './telnyx-port-request.ts';
import { requirementOf, requirementValues } from './telnyx-requirements.ts';
import { telnyxSnapshot } from './telnyx-port-snapshot.ts';
import { TELNYX_TIMEOUT_MS, TELNYX_URL } from './telnyx-supplier.ts';
import type { TelnyxConfig } from './telnyx-supplier.ts';
import { TELNYX_SIGNATURE, readTelnyxPortWebhook } from './telnyx-webhook.ts';

const UNCONFIRMED = new Set(['draft', 'exception']);
const PAGE = 250;
/** What is asked beside the order itself must not hold up whoever waits for it. */
const ASIDE_MS = 5_000;
const REGULATED: ReadonlySet<PortableType> = new Set(['local', 'national', 'toll_free'] as const);
const DOCUMENTS = { letter_of_authority: 'loa', bill: 'invoice' } as const;

/**
 * Ports by Telnyx's API v2. It keeps no idempotency keys: an order is found again by `customer_reference`, which is our id of it, and what was asked of
 * it last by `customer_group_reference`, our version, which is written once Telnyx has all of it.
 */
export class TelnyxPortingCarrier extends PortingCarrier {
  readonly name = 'telnyx';
  readonly abilities: PortingAbilities = {
    ...{ onDemandActivation: true, cutoffHours: 24, numbersMax: 1_000 },
    ...{ customerRecords: true, requirements: true, focWindows: true },
  };
  private readonly api: TelnyxApi;
  private readonly publicKey: string | undefined;

  constructor(
    { apiKey, publicKey, url = TELNYX_URL, timeoutMs = TELNYX_TIMEOUT_MS }: TelnyxConfig,
    private readonly clock: Clock,
  ) {
    super();
    this.publicKey = publicKey;
    this.api = new TelnyxApi({ apiKey, url, timeoutMs });
  }

  async checkPortability(e164s: readonly string[]): Promise<readonly Portability[]> {
    const { data } = await asked(this.api.post('/portability_checks', { phone_numbers: e164s }, portabilityChecks));
    return e164s.map((e164) =>
      portabilityOf(
        e164,
        data.find((found) => found.phone_number === e164),
      ),
    );
  }

  requestRecord(request: RecordRequest): Promise<string> {
    return requestTelnyxRecord(this.api, request);
  }
  record(ref: string): Promise<RecordAnswer> {
    return readTelnyxRecord(this.api, ref);
  }

  /** It tells of local, national and toll-free numbers alone. */
  async requirements({ country, type }: { readonly country: string; readonly type: PortableType }): Promise<readonly CarrierRequirement[]> {
    if (!REGULATED.has(type)) return [];
    const filter = { 'filter[country_code]': country, 'filter[phone_number_type]': type, 'filter[action]': 'porting' };
    const query = { ...filter, 'page[size]': String(PAGE) };
    const { data } = await asked(this.api.get('/requirements', query, requirements, AbortSignal.timeout(ASIDE_MS)));
    const types = new Map(data.flatMap((one) => one.requirement_types).map((one) => [one.id, one]));
    return [...types.values()].map(requirementOf);
  }

  async focWindows(ref: string): Promise<readonly FocWindow[]> {
    const path = `${pathOf(ref)}/allowed_foc_windows`;
    const { data } = await asked(this.api.get(path, {}, allowedFocWindows, AbortSignal.timeout(ASIDE_MS)));
    return data.map(({ started_at, ended_at }) => ({ from: new Date(started_at), to: new Date(ended_at) }));
  }

  async create(orderId: string, request: PortRequest): Promise<string> {
    const { data: known } = await asked(this.api.get('/porting_orders', { 'filter[customer_reference]': orderId }, portingOrders));
    const made = known.length > 0 ? known : await this.open(orderId, request);
    const [order] = made;
    if (!order || made.length > 1) throw await this.splitRefusal(made);
    await this.fulfil(order, request);
    return order.id;
  }

  async supplement(ref: string, request: PortRequest): Promise<void> {
    const order = await this.read(ref);
    if (order.customer_group_reference !== String(request.version)) await this.fulfil(order, request);
  }

  async cancel(ref: string): Promise<void> {
    const { status } = await this.read(ref);
    if (status.value === 'draft') return asked(this.api.delete(pathOf(ref)));
    if (status.value !== 'cancelled' && status.value !== 'cancel-pending') await this.act(ref, 'cancel');
  }

  async activate(ref: string): Promise<void> {
    const { data: jobs } = await asked(this.api.get(`${pathOf(ref)}/activation_jobs`, {}, activationJobs));
    if (jobs.every(({ status }) => status === 'failed')) await this.act(ref, 'activate');
  }

  reverse(): Promise<void> {
    return Promise.reject(new CarrierRefusal('no_snapback', 'Telnyx takes a port back when its support is asked, not by its API'));
  }

  async getOrder(ref: string): Promise<CarrierPortSnapshot> {
    const order = await this.read(ref);
    return telnyxSnapshot(order, await this.numbersOf(order), this.clock.now());
  }

  async addNote(ref: string, text: string, key: string): Promise<void> {
    const body = `${text}\n[${key}]`;
    const { data } = await asked(this.api.get(`${pathOf(ref)}/comments`, {}, comments));
    if (!data.some((comment) => comment.body === body)) await asked(this.api.post(`${pathOf(ref)}/comments`, { body }, anything));
  }

  async notes(ref: string): Promise<readonly CarrierPortNote[]> {
    const { data } = await asked(this.api.get(`${pathOf(ref)}/comments`, {}, comments));
    return data.filter((c) => c.user_type !== 'user').map((c) => ({ id: c.id, text: c.body, at: new Date(c.created_at) }));
  }

  sent({ header }: SignedMessage): boolean {
    return header(TELNYX_SIGNATURE) !== undefined;
  }

  parseWebhook(message: SignedMessage, now: Date): readonly CarrierPortEvent[] {
    if (this.publicKey === undefined) throw notFound();
    const said = readTelnyxPortWebhook(message, this.publicKey, now);
    return said ? [{ carrier: this.name, ...said }] : [];
  }

  private async open(orderId: string, { numbers }: PortRequest): Promise<readonly TelnyxPort[]> {
    const body = { phone_numbers: numbers, customer_reference: orderId };
    return (await asked(this.api.post('/porting_orders', body, portingOrders))).data;
  }

  /** Each step may have been done before: whatever broke it off, it goes on where it was. */
  private async fulfil({ id, status }: TelnyxPort, request: PortRequest): Promise<void> {
    const path = pathOf(id);
    if (UNCONFIRMED.has(status.value) || status.value === 'foc-date-confirmed') {
      const documents = await this.documentsOf(request);
      const requestedFocAt = request.requestedFocAt && (await this.takenFrom(id, request.requestedFocAt));
      await asked(this.api.patch(path, telnyxDetails({ ...request, requestedFocAt }, documents), portingOrder));
      await this.meet(id, request, documents);
    }
    if (UNCONFIRMED.has(status.value)) await this.act(id, 'confirm');
    await asked(this.api.patch(path, { customer_group_reference: String(request.version) }, portingOrder));
  }

  /** What was asked for is asked of Telnyx within the times that it takes: then, or as soon after it as it does. */
  private async takenFrom(id: string, requestedAt: Date): Promise<Date> {
    const windows = await this.focWindows(id).catch((error: unknown) => {
      if (error instanceof CarrierRefusal) return []; // it has none for such an order
      throw error;
    });
    const taken = takenFrom(requestedAt, windows);
    if (taken) return taken;
    throw new CarrierRefusal('foc_window', `Telnyx takes no numbers over from ${requestedAt.toISOString()} on`, 'DUE_DATE_INVALID');
  }

  /** Its own requirements of the order, beside what every order tells. */
  private async meet(id: string, request: PortRequest, documents: Parameters<typeof requirementValues>[2]): Promise<void> {
    const query = { 'page[size]': String(PAGE) };
    const { data } = await asked(this.api.get(`${pathOf(id)}/requirements`, query, orderRequirements));
    const values = requirementValues(data, request, documents);
    if (values.length > 0) await asked(this.api.patch(pathOf(id), { requirements: values }, portingOrder));
  }

  private async documentsOf({ papers }: PortRequest): Promise<Partial<Record<'loa' | 'invoice', string>>> {
    const ids: Partial<Record<'loa' | 'invoice', string>> = {};
    for (const paper of papers) ids[DOCUMENTS[paper.kind]] = await this.upload(paper);
    return ids;
  }

  private async upload({ id, fileName, read }: PortPaper): Promise<string> {
    const { data } = await asked(this.api.get('/documents', { 'filter[customer_reference][eq]': id }, documents));
    if (data[0]) return data[0].id;
    const file = Buffer.from(await read()).toString('base64');
    return (await asked(this.api.post('/documents', { file, filename: fileName, customer_reference: id }, uploaded))).data.id;
  }

  /** It made several of one of ours, so one order would have several ends: its drafts go away again. */
  private async splitRefusal(made: readonly TelnyxPort[]): Promise<CarrierRefusal> {
    for (const { id, status } of made) if (status.value === 'draft') await asked(this.api.delete(pathOf(id)));
    return new CarrierRefusal('PORTING_ORDER_SPLIT_REQUIRED', `Telnyx would make ${made.length} orders of it`, 'SPLIT_REQUIRED');
  }

  private async numbersOf({ id, phone_numbers: first }: TelnyxPort): Promise<TelnyxPort['phone_numbers']> {
    if (first.length < 50) return first; // an order comes with so many at most
    const all: TelnyxPort['phone_numbers'] = [];
    for (let page = 1; ; page += 1) {
      const query = { 'filter[porting_order_id]': id, 'page[number]': String(page), 'page[size]': String(PAGE) };
      const { data } = await asked(this.api.get('/porting_phone_numbers', query, portingNumbers));
      all.push(...data);
      if (data.length < PAGE) return all;
    }
  }

  private async read(ref: string): Promise<TelnyxPort> {
    return (await asked(this.api.get(pathOf(ref), { include_phone_numbers: 'true' }, portingOrder))).data;
  }

  private async act(ref: string, verb: 'confirm' | 'cancel' | 'activate'): Promise<void> {
    await asked(this.api.post(`${pathOf(ref)}/actions/${verb}`, {}, anything));
  }
}

const pathOf = (ref: string): string => `/porting_orders/${encodeURIComponent(ref)}`;

const TYPES: Readonly<Record<string, PortableType>> = {
  local: 'local',
  landline: 'local',
  national: 'national',
  mobile: 'mobile',
  toll_free: 'toll_free',
  shared_cost: 'shared_cost',
};

type Found = { portable: boolean; fast_portable: boolean } & {
  [K in 'not_portable_reason' | 'carrier_name' | 'phone_number_type']?: string | null | undefined;
};

/** A number that an answer leaves out cannot be ported as far as we know. It tells no SPID, so a losing carrier is known by its name. */
const portabilityOf = (e164: string, found: Found | undefined): Portability => {
  const name = found?.carrier_name || 'unknown';
  const isPortable = found?.portable ?? false;
  const why = found?.not_portable_reason === 'no_coverage' ? 'RATE_CENTER_UNSUPPORTED' : 'TN_NOT_PORTABLE';
  return {
    e164,
    portable: isPortable,
    reason: isPortable ? null : why,
    country: parsePhoneNumberFromString(e164)?.country ?? 'US',
    type: TYPES[found?.phone_number_type ?? ''] ?? 'local',
    losingCarrier: { id: name, name },
    fastPort: found?.fast_portable ?? false,
  };
};
