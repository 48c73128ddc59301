import { randomUUID } from 'node:crypto';
import type Telnyx from 'telnyx';
import type { Answer } from './telnyx-account.ts';

type Filled<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };
export type TelnyxPortOrder = Filled<Telnyx.PortingOrder, 'id' | 'status' | 'updated_at' | 'phone_numbers'>;
type Comment = Telnyx.PortingOrders.PortingOrdersComment;
type Job = Telnyx.PortingOrdersActivationJob;
type Document = { id: string; customer_reference: string; filename: string; file: string };

/** What the account holds of ports. Its times count up, a second for each change. */
export type TelnyxPorts = {
  readonly orders: TelnyxPortOrder[];
  readonly documents: Document[];
  readonly comments: Comment[];
  readonly jobs: (Job & { readonly porting_order_id: string })[];
  /** What the portability check says of a number, when it is not that all is well. */
  readonly checks: Map<string, { portable: boolean; not_portable_reason?: string; carrier_name?: string; fast_portable?: boolean }>;
  /** When orders may be taken over; none: it refuses no date. */
  readonly focWindows: { started_at: string; ended_at: string }[];
  /** What orders that it makes ask for, beside what every one does. */
  readonly orderRequirements: { id: string; name: string; type: 'document' | 'textual' }[];
  /** Whether it makes two orders of one. */
  splits: boolean;
  now: Date;
};

export const emptyPorts = (): TelnyxPorts => ({
  orders: [],
  documents: [],
  comments: [],
  jobs: [],
  checks: new Map(),
  focWindows: [],
  orderRequirements: [],
  splits: false,
  now: new Date('2026-03-02T15:00:00Z'),
});

const tick = (ports: TelnyxPorts): string => {
  ports.now = new Date(ports.now.getTime() + 1_000);
  return ports.now.toISOString().replace(/\.\d+Z$/, 'Z');
};
const refusal = (status: number, code: string, detail: string): Answer => ({ status, body: { errors: [{ code, title: detail, detail }] } });
const listed = (data: object[]): Answer => ({
  status: 200,
  body: { data, meta: { total_pages: 1, total_results: data.length, page_number: 1, page_size: 250 } },
});

/** What Telnyx or a losing carrier does with an order. */
export const movePort = (ports: TelnyxPorts, id: string, change: Partial<TelnyxPortOrder>): TelnyxPortOrder => {
  const order = ports.orders.find((o) => o.id === id);
  if (!order) throw new Error(`there is no port ${id}`);
  return Object.assign(order, change, { updated_at: tick(ports) });
};

const check = (ports: TelnyxPorts, numbers: readonly string[]): Answer =>
  listed(
    numbers.map((phone_number) => ({
      record_type: 'portability_check_result',
      phone_number,
      portable: true,
      fast_portable: false,
      not_portable_reason: null,
      carrier_name: 'Example Carrier',
      phone_number_type: 'local',
      messaging_capable: true,
      ...ports.checks.get(phone_number),
    })),
  );

const create = (ports: TelnyxPorts, { phone_numbers, customer_reference }: Telnyx.PortingOrderCreateParams): Answer => {
  const groups = ports.splits ? phone_numbers.map((n) => [n]) : [phone_numbers];
  const made = groups.map((numbers): TelnyxPortOrder => {
    const id = randomUUID();
    return {
      id,
      record_type: 'porting_order',
      customer_reference: customer_reference ?? null,
      customer_group_reference: null,
      status: { value: 'draft', details: [] },
      created_at: tick(ports),
      updated_at: ports.now.toISOString(),
      requirements_met: false,
      requirements: ports.orderRequirements.map(({ id: requirement_type_id, type }) => ({
        requirement_type_id,
        field_type: type as 'document',
      })),
      activation_settings: { activation_status: null, fast_port_eligible: true, foc_datetime_actual: null, foc_datetime_requested: null },
      documents: { loa: null, invoice: null },
      porting_phone_numbers_count: numbers.length,
      phone_numbers: numbers.map((phone_number) => ({
        record_type: 'porting_phone_number',
        phone_number,
        phone_number_type: 'local',
        porting_order_id: id,
        activation_status: 'New',
      })),
    };
  });
  ports.orders.push(...made);
  return { ...listed(made), status: 201 };
};

const change = (ports: TelnyxPorts, order: TelnyxPortOrder, body: Telnyx.PortingOrderUpdateParams): Answer => {
  const { activation_settings, requirements, ...rest } = body;
  const at = Date.parse(activation_settings?.foc_datetime_requested ?? '');
  const windows = ports.focWindows.map((w) => [Date.parse(w.started_at), Date.parse(w.ended_at)] as const);
  if (!Number.isNaN(at) && windows.length > 0 && !windows.some(([from, to]) => at >= from && at < to))
    return refusal(422, '10015', 'The requested FOC date is in no allowed window');
  for (const { requirement_type_id, field_value } of requirements ?? [])
    Object.assign(order.requirements?.find((r) => r.requirement_type_id === requirement_type_id) ?? {}, { field_value });
  const settings = { ...order.activation_settings, ...activation_settings };
  return {
    status: 200,
    body: { data: movePort(ports, order.id, { ...(rest as Partial<TelnyxPortOrder>), activation_settings: settings }) },
  };
};

const act = (ports: TelnyxPorts, order: TelnyxPortOrder, verb: string): Answer => {
  const { value } = order.status;
  if (verb === 'confirm') {
    if (value !== 'draft' && value !== 'exception') return refusal(422, '10015', 'The porting order is confirmed already');
    if (!order.documents?.loa) return refusal(422, '10016', 'The letter of authority is missing');
    return { status: 200, body: { data: movePort(ports, order.id, { status: { value: 'in-process', details: [] } }) } };
  }
  if (verb === 'cancel') {
    if (value === 'ported' || value === 'cancelled') return refusal(422, '10015', 'It is too late to cancel the porting order');
    return { status: 200, body: { data: movePort(ports, order.id, { status: { value: 'cancel-pending', details: [] } }) } };
  }
  const job = { id: randomUUID(), record_type: 'porting_activation_job', status: 'created', activation_type: 'on-demand' } as const;
  ports.jobs.push({ ...job, porting_order_id: order.id, created_at: tick(ports) });
  return { status: 200, body: { data: job } };
};

const comment = (ports: TelnyxPorts, porting_order_id: string, body: string, user_type: 'user' | 'admin'): Comment => {
  const said = { id: randomUUID(), record_type: 'porting_comment', body, porting_order_id, user_type, created_at: tick(ports) };
  ports.comments.push(said);
  return said;
};
/** Somebody at Telnyx says something about an order. */
export const remark = (ports: TelnyxPorts, id: string, body: string): Comment => comment(ports, id, body, 'admin');

const ofOrder = (ports: TelnyxPorts, method: string, order: TelnyxPortOrder, rest: string, body: string): Answer | undefined => {
  const route = `${method} ${rest}`;
  if (route === 'GET ') return { status: 200, body: { data: order } };
  if (route === 'PATCH ') return change(ports, order, JSON.parse(body) as Telnyx.PortingOrderUpdateParams);
  if (route === 'DELETE ') {
    if (order.status.value !== 'draft') return refusal(422, '10015', 'Only a draft can be deleted');
    ports.orders.splice(ports.orders.indexOf(order), 1);
    return { status: 204, body: {} };
  }
  if (method === 'POST' && rest.startsWith('/actions/')) return act(ports, order, rest.slice('/actions/'.length));
  if (route === 'GET /allowed_foc_windows') return listed(ports.focWindows.map((w) => ({ record_type: 'porting_order', ...w })));
  if (route === 'GET /requirements')
    return listed(
      (order.requirements ?? []).map(({ requirement_type_id: id, ...rest }) => ({
        ...rest,
        requirement_type: { ...ports.orderRequirements.find((r) => r.id === id), description: '', example: '' },
      })),
    );
  if (route === 'GET /activation_jobs') return listed(ports.jobs.filter((job) => job.porting_order_id === order.id));
  if (route === 'GET /comments') return listed(ports.comments.filter((c) => c.porting_order_id === order.id));
  if (route === 'POST /comments')
    return { status: 201, body: { data: comment(ports, order.id, (JSON.parse(body) as { body: string }).body, 'user') } };
  return undefined;
};

/** Answers one request about ports as Telnyx's API v2 would; undefined: it is about something else. */
export const answerPort = (ports: TelnyxPorts, method: string, url: URL, body: string): Answer | undefined => {
  const route = `${method} ${url.pathname}`;
  const query = url.searchParams;
  if (route === 'POST /v2/portability_checks') return check(ports, (JSON.parse(body) as { phone_numbers: string[] }).phone_numbers);
  if (route === 'POST /v2/porting_orders') return create(ports, JSON.parse(body) as Telnyx.PortingOrderCreateParams);
  if (route === 'GET /v2/porting_orders')
    return listed(ports.orders.filter((o) => o.customer_reference === query.get('filter[customer_reference]')));
  if (route === 'GET /v2/documents')
    return listed(ports.documents.filter((d) => d.customer_reference === query.get('filter[customer_reference][eq]')));
  if (route === 'POST /v2/documents') {
    const document = { id: randomUUID(), record_type: 'document', ...(JSON.parse(body) as Omit<Document, 'id'>) };
    ports.documents.push(document);
    return { status: 200, body: { data: document } };
  }
  const [, id, rest = ''] = /^\/v2\/porting_orders\/([^/]+)(\/.*)?$/.exec(url.pathname) ?? [];
  const order = ports.orders.find((o) => o.id === id);
  if (id !== undefined)
    return order ? ofOrder(ports, method, order, rest, body) : refusal(404, '10005', 'The requested resource could not be found.');
  return undefined;
};
