import { randomUUID } from 'node:crypto';
import type Telnyx from 'telnyx';
import type { Answer } from './telnyx-account.ts';

type Filled<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };
export type TelnyxPortOutRequest = Filled<Telnyx.PortoutDetails, 'id' | 'status' | 'phone_numbers' | 'inserted_at' | 'updated_at'>;
type Event = Telnyx.Portouts.WebhookPortoutStatusChanged;
type Comment = Telnyx.Portouts.PortoutComment;

/** What the account holds of numbers that leave. Its times count up, a second for each change. */
export type TelnyxPortOuts = {
  readonly requests: TelnyxPortOutRequest[];
  readonly events: Event[];
  readonly comments: Comment[];
  /** What it takes as a reason; the same for each request. */
  readonly codes: { code: number; description: string; reason_required: boolean }[];
  /** Requests are there, and the messages of them are not yet. */
  slowEvents: boolean;
  now: Date;
};

export const emptyPortOuts = (): TelnyxPortOuts => ({
  requests: [],
  events: [],
  comments: [],
  codes: [
    { code: 1002, description: 'Invalid PIN', reason_required: false },
    { code: 1004, description: 'Subscriber name mismatch', reason_required: true },
  ],
  slowEvents: false,
  now: new Date('2026-03-02T15:00:00Z'),
});

const tick = (portOuts: TelnyxPortOuts): string => {
  portOuts.now = new Date(portOuts.now.getTime() + 1_000);
  return portOuts.now.toISOString().replace(/\.\d+Z$/, 'Z');
};
const refusal = (status: number, code: string, detail: string): Answer => ({ status, body: { errors: [{ code, title: detail, detail }] } });
const listed = (data: readonly object[], page = 1, size = 20): Answer => ({
  status: 200,
  body: {
    data: data.slice((page - 1) * size, page * size),
    meta: { total_results: data.length, total_pages: Math.ceil(data.length / size), page_number: page, page_size: size },
  },
});

const tell = (portOuts: TelnyxPortOuts, request: TelnyxPortOutRequest, pin: string | undefined): void => {
  const { id, status, phone_numbers, carrier_name, spid, end_user_name: subscriber_name, reason: rejection_reason = null } = request;
  const payload = { id, status, phone_numbers, carrier_name, spid, subscriber_name, rejection_reason, attempted_pin: pin };
  const at = portOuts.now.toISOString();
  const event = { id: randomUUID(), event_type: 'portout.status_changed', portout_id: id, record_type: 'portout_event', payload } as const;
  portOuts.events.push({
    ...event,
    available_notification_methods: ['webhook'],
    payload_status: 'created',
    created_at: at,
    updated_at: at,
  } as Event);
};

/** Another carrier asks for numbers. */
export const askForNumbers = (
  portOuts: TelnyxPortOuts,
  { pin, ...details }: Partial<Telnyx.PortoutDetails> & { phone_numbers: string[]; pin?: string },
): TelnyxPortOutRequest => {
  const at = tick(portOuts);
  const request: TelnyxPortOutRequest = {
    ...{ id: randomUUID(), record_type: 'portout', status: 'pending', already_ported: false, current_carrier: 'telnyx' },
    ...{ carrier_name: 'Winner', spid: '987H', pon: 'PON-1', end_user_name: 'Ann Miller', lsr: [], host_messaging: false },
    ...{ created_at: at, inserted_at: at, updated_at: at },
    ...details,
  };
  portOuts.requests.push(request);
  tell(portOuts, request, pin);
  return request;
};

/** Telnyx, the winning carrier or the subscriber does something with a request. */
export const movePortOut = (portOuts: TelnyxPortOuts, id: string, change: Partial<Telnyx.PortoutDetails>): TelnyxPortOutRequest => {
  const request = portOuts.requests.find((r) => r.id === id);
  if (!request) throw new Error(`there is no port-out ${id}`);
  Object.assign(request, change, { updated_at: tick(portOuts) });
  tell(portOuts, request, undefined);
  return request;
};

const decide = (portOuts: TelnyxPortOuts, request: TelnyxPortOutRequest, status: string, body: string): Answer => {
  const { reason } = JSON.parse(body) as Omit<Telnyx.PortoutUpdateStatusParams, 'id'>;
  if (status !== 'authorized' && status !== 'rejected-pending') return refusal(404, '10005', 'There is no such status');
  if (typeof reason !== 'string') return refusal(422, '10004', 'reason is missing');
  if (request.status !== 'pending') return refusal(422, '10015', `The port-out is ${request.status}`);
  return { status: 200, body: { data: movePortOut(portOuts, request.id, { status, reason }) } };
};

const ofRequest = (portOuts: TelnyxPortOuts, method: string, request: TelnyxPortOutRequest, rest: string, body: string): Answer => {
  const route = `${method} ${rest}`;
  if (route === 'GET ') return { status: 200, body: { data: request } };
  if (route === 'GET /comments') return listed(portOuts.comments.filter((c) => c.portout_id === request.id));
  if (route === 'POST /comments') {
    const said = {
      ...(JSON.parse(body) as { body: string }),
      portout_id: request.id,
      record_type: 'portout_comment',
      user_id: randomUUID(),
    };
    portOuts.comments.push({ id: randomUUID(), created_at: tick(portOuts), ...said });
    return { status: 201, body: { data: portOuts.comments.at(-1)! } };
  }
  return method === 'PATCH' ? decide(portOuts, request, rest.slice(1), body) : refusal(404, '10005', 'There is no such resource');
};

/** Answers one request about numbers that leave as Telnyx's API v2 would; undefined: it is about something else. */
export const answerPortOut = (portOuts: TelnyxPortOuts, method: string, url: URL, body: string): Answer | undefined => {
  const { pathname, searchParams: query } = url;
  const route = `${method} ${pathname}`;
  const [page, size] = [Number(query.get('page[number]') ?? 1), Number(query.get('page[size]') ?? 20)];
  if (route === 'GET /v2/portouts') {
    const from = Date.parse(query.get('filter[inserted_at][gte]') ?? '1970-01-01');
    return listed(portOuts.requests.filter((r) => Date.parse(r.inserted_at) >= from).reverse(), page, size);
  }
  if (route === 'GET /v2/portouts/events') {
    const about = portOuts.events.filter((e) => e.portout_id === query.get('filter[portout_id]'));
    return listed(portOuts.slowEvents ? [] : about.filter((e) => e.event_type === query.get('filter[event_type]')), page, size);
  }
  if (/^GET \/v2\/portouts\/rejections\/[^/]+$/.test(route)) return listed(portOuts.codes);
  const [, id, rest = ''] = /^\/v2\/portouts\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  if (id === undefined) return undefined;
  const request = portOuts.requests.find((r) => r.id === id);
  return request ? ofRequest(portOuts, method, request, rest, body) : refusal(404, '10005', 'The requested resource could not be found.');
};
