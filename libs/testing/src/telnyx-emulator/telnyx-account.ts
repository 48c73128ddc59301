import { randomUUID } from 'node:crypto';

type Status = 'pending' | 'success' | 'failure';
type OfferedNumber = {
  readonly number: string;
  readonly country: string;
  readonly areaCode: string;
  readonly locality: string;
  readonly rateCenter?: string;
  readonly type: string;
};
type Order = {
  readonly id: string;
  readonly record_type: 'number_order';
  readonly customer_reference: string;
  readonly phone_numbers_count: number;
  readonly created_at: string;
  updated_at: string;
  status: Status;
  requirements_met: boolean;
  phone_numbers: {
    id: string;
    record_type: 'number_order_phone_number';
    phone_number: string;
    phone_number_type: string;
    status: Status;
    requirements_met: boolean;
  }[];
};

/** What the account holds. `outcome`: what becomes of orders when they are made. */
export type TelnyxAccount = {
  offers: OfferedNumber[];
  orders: Order[];
  owned: Map<string, { id: string; phone_number: string; record_type: 'phone_number'; status: 'active' }>;
  reserved: Map<string, string>;
  outcome: Status;
};
export type TelnyxOffer = OfferedNumber;
export type TelnyxOrderRecord = Order;
export type Answer = { readonly status: number; readonly body: object };

const RESERVED_MS = 30 * 60_000;
const now = () => new Date().toISOString();
const refusal = (status: number, code: string, title: string, detail: string): Answer => ({
  status,
  body: { errors: [{ code, title, detail }] },
});
const notFound = (): Answer => refusal(404, '10005', 'Resource not found', 'The requested resource or URL could not be found.');

const nationalOf = ({ number, country }: OfferedNumber): string => number.slice(country === 'US' || country === 'CA' ? 2 : 3);

const search = ({ offers, reserved }: TelnyxAccount, query: URLSearchParams): Answer => {
  const asked = (name: string) => query.get(`filter[${name}]`);
  const [country, area, type] = [asked('country_code'), asked('national_destination_code'), asked('phone_number_type')];
  const rateCenter = asked('rate_center');
  const [startsWith, contains] = [asked('phone_number][starts_with') ?? '', asked('phone_number][contains') ?? ''];
  const found = offers.filter(
    (offer) =>
      !reserved.has(offer.number) &&
      (country === null || offer.country === country) &&
      (area === null || offer.areaCode === area) &&
      (type === null || offer.type === type) &&
      (rateCenter === null || offer.rateCenter === rateCenter) &&
      nationalOf(offer)
        .slice(area === null ? 0 : offer.areaCode.length)
        .startsWith(startsWith) &&
      offer.number.includes(contains),
  );
  const data = found.slice(0, Number(asked('limit') ?? 10)).map(({ number, country: of, locality, rateCenter: center }) => ({
    record_type: 'available_phone_number',
    phone_number: number,
    vanity_format: '',
    best_effort: false,
    quickship: true,
    reservable: true,
    region_information: [
      { region_type: 'country_code', region_name: of },
      { region_type: 'location', region_name: locality },
      ...(center === undefined ? [] : [{ region_type: 'rate_center', region_name: center }]),
    ],
    cost_information: { upfront_cost: '1.00000', monthly_cost: '1.00000', currency: 'USD' },
    features: [{ name: 'voice' }],
  }));
  const meta = { total_results: data.length, best_effort_results: 0 };
  return { status: 200, body: { data, meta, metadata: meta } };
};

/** Ends an order that was pending. */
export const settleOrder = (account: TelnyxAccount, id: string, status: 'success' | 'failure'): Order => {
  const order = account.orders.find((o) => o.id === id);
  if (!order) throw new Error(`there is no order ${id}`);
  Object.assign(order, { status, updated_at: now(), requirements_met: status === 'success' });
  for (const ordered of order.phone_numbers) {
    Object.assign(ordered, { status, requirements_met: status === 'success' });
    const { phone_number } = ordered;
    if (status === 'success')
      account.owned.set(phone_number, { id: randomUUID(), phone_number, record_type: 'phone_number', status: 'active' });
  }
  return order;
};

const order = (account: TelnyxAccount, body: { phone_numbers?: { phone_number?: string }[]; customer_reference?: string }): Answer => {
  const numbers = body.phone_numbers?.map((n) => n.phone_number ?? '') ?? [];
  const offered = account.offers.filter(({ number }) => numbers.includes(number));
  if (numbers.length === 0) return refusal(422, '10015', 'Bad Request', 'phone_numbers must not be empty');
  if (offered.length < numbers.length) return refusal(400, '85001', 'Number not available', 'One of the numbers is no longer available');
  account.offers = account.offers.filter(({ number }) => !numbers.includes(number));
  const made: Order = {
    id: randomUUID(),
    record_type: 'number_order',
    customer_reference: body.customer_reference ?? '',
    phone_numbers_count: numbers.length,
    created_at: now(),
    updated_at: now(),
    status: 'pending',
    requirements_met: false,
    phone_numbers: offered.map(({ number, type }) => ({
      id: randomUUID(),
      record_type: 'number_order_phone_number',
      phone_number: number,
      phone_number_type: type,
      status: 'pending',
      requirements_met: false,
    })),
  };
  account.orders.push(made);
  if (account.outcome !== 'pending') settleOrder(account, made.id, account.outcome);
  return { status: 200, body: { data: made } };
};

const reserve = (account: TelnyxAccount, body: { phone_numbers?: { phone_number?: string }[]; customer_reference?: string }): Answer => {
  const numbers = body.phone_numbers?.map((n) => n.phone_number ?? '') ?? [];
  const expired_at = new Date(Date.now() + RESERVED_MS).toISOString();
  const phone_numbers = numbers.map((phone_number) => {
    const free = account.offers.some(({ number }) => number === phone_number) && !account.reserved.has(phone_number);
    if (free) account.reserved.set(phone_number, expired_at);
    return { id: randomUUID(), record_type: 'reserved_phone_number', phone_number, status: free ? 'success' : 'failure', expired_at };
  });
  const status = phone_numbers.every((n) => n.status === 'success') ? 'success' : 'failure';
  return {
    status: 200,
    body: {
      data: { id: randomUUID(), record_type: 'number_reservation', customer_reference: body.customer_reference, status, phone_numbers },
    },
  };
};

const release = (account: TelnyxAccount, id: string): Answer => {
  const held = [...account.owned.values()].find((n) => n.id === id);
  if (!held) return notFound();
  account.owned.delete(held.phone_number);
  return { status: 200, body: { data: { ...held, status: 'deleted' } } };
};

const page = (data: object[]): Answer => ({
  status: 200,
  body: { data, meta: { total_results: data.length, total_pages: 1, page_number: 1, page_size: 20 } },
});

/** Answers one request as Telnyx's API v2 would. */
export const answerAs = (account: TelnyxAccount, method: string, url: URL, body: string): Answer => {
  const route = `${method} ${url.pathname}`;
  const query = url.searchParams;
  if (route === 'GET /v2/available_phone_numbers') return search(account, query);
  if (route === 'POST /v2/number_orders') return order(account, JSON.parse(body) as object);
  if (route === 'POST /v2/number_reservations') return reserve(account, JSON.parse(body) as object);
  if (route === 'GET /v2/number_orders')
    return page(account.orders.filter((o) => o.customer_reference === query.get('filter[customer_reference]')));
  if (route === 'GET /v2/phone_numbers')
    return page([...account.owned.values()].filter((n) => n.phone_number === query.get('filter[phone_number]')));
  const id = url.pathname.split('/').at(-1) ?? '';
  if (route === `DELETE /v2/phone_numbers/${id}`) return release(account, id);
  const found = route === `GET /v2/number_orders/${id}` ? account.orders.find((o) => o.id === id) : undefined;
  return found ? { status: 200, body: { data: found } } : notFound();
};
