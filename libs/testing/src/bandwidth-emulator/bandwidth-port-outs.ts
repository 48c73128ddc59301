import { randomUUID } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { refusal, xml } from './bandwidth-xml.ts';
import type { Reply, Xml } from './bandwidth-xml.ts';

/** Numbers that left, or are about to: what `/portouts` knows of them. */
export type BandwidthPortOut = {
  readonly orderId: string;
  readonly pon: string;
  readonly numbers: readonly string[];
  status: string;
  actualFocDate: string | undefined;
  lastModified: Date;
  readonly notes: { Id: string; UserId: string; Description: string; LastDateModifier: string }[];
};
export type BandwidthPortOuts = {
  readonly orders: BandwidthPortOut[];
  /** Whether an order names its numbers. */
  namesNumbers: boolean;
  clockMs: number;
};
export const emptyPortOuts = (): BandwidthPortOuts => ({ orders: [], namesNumbers: true, clockMs: Date.UTC(2026, 2, 2, 15) });

const tick = (portOuts: BandwidthPortOuts): Date => new Date((portOuts.clockMs += 1_000));
const parser = new XMLParser({ parseTagValue: false });

/** A winning carrier's order of numbers, once it was validated. */
export const orderNumbers = (portOuts: BandwidthPortOuts, pon: string, numbers: readonly string[], status = 'FOC'): BandwidthPortOut => {
  const fresh = {
    orderId: randomUUID(),
    pon,
    numbers,
    status,
    actualFocDate: '2026-03-10T15:30:00Z',
    lastModified: tick(portOuts),
    notes: [],
  };
  portOuts.orders.push(fresh);
  return fresh;
};
export const moveNumbers = (portOuts: BandwidthPortOuts, orderId: string, change: Partial<Pick<BandwidthPortOut, 'status'>>): void => {
  Object.assign(
    portOuts.orders.find((o) => o.orderId === orderId)!,
    change,
    { lastModified: tick(portOuts) },
  );
};

type Validation = { pon: string; pin?: string; accountNumber?: string; zipCode?: string; numbers: readonly string[] };
/** What it asks on the line, before numbers may leave. */
export const validationOf = ({ pon, pin, accountNumber, zipCode, numbers }: Validation): string =>
  xml({
    PortOutValidationRequest: {
      PON: pon,
      ...(pin !== undefined && { Pin: pin }),
      ...(accountNumber !== undefined && { AccountNumber: accountNumber }),
      ...(zipCode !== undefined && { ZipCode: zipCode }),
      SubscriberName: 'Ann & Miller',
      TelephoneNumbers: { TelephoneNumber: numbers },
    },
  });

const EXCEPTIONS = ['7510', '7511', '7512', '7513', '7514', '7515', '7519', '7598'];
const CANCELS = ['7516', '7517', '7518'];
/** What it makes of an answer on the line: all but a dispute for a reason of its list is a yes, as its documentation says. */
export const understood = (status: number, body: string): { outcome: 'approved' | 'exception' | 'cancelled'; code?: string } => {
  const said = status === 200 ? (parser.parse(body) as { PortOutValidationResponse?: Xml }).PortOutValidationResponse : undefined;
  const code = ((said?.['Errors'] as Xml | undefined)?.['Error'] as { Code?: string } | undefined)?.Code ?? '';
  if (said?.['Portable'] !== 'false' || said['AcceptableValues'] === undefined) return { outcome: 'approved' };
  if (EXCEPTIONS.includes(code)) return { outcome: 'exception', code };
  return CANCELS.includes(code) ? { outcome: 'cancelled', code } : { outcome: 'approved' };
};

/** What a subscription to `portouts` is told. */
export const portOutNotice = (portOuts: BandwidthPortOuts, orderId: string): string => {
  const { status, lastModified } = portOuts.orders.find((o) => o.orderId === orderId)!;
  const about = { OrderId: orderId, OrderType: 'portouts', LastModifiedDate: lastModified.toISOString() };
  return xml({ Notification: { Status: status, SubscriptionId: 'a3b5c8', Message: `Order is in ${status}`, ...about } });
};

const list = ({ orders }: BandwidthPortOuts, query: URLSearchParams): Reply => {
  const [from, to] = [query.get('startdate') ?? '', query.get('enddate') ?? ''];
  const size = Number(query.get('size') ?? 30);
  const days = orders.filter((o) => o.lastModified.toISOString().slice(0, 10) >= from && o.lastModified.toISOString().slice(0, 10) <= to);
  const first = query.get('page') === '1' ? 0 : days.findIndex((o) => o.orderId === query.get('page'));
  const rows = days.slice(first, first + size).map((o) => ({
    CountOfTNs: o.numbers.length,
    lastModifiedDate: o.lastModified.toISOString(),
    OrderId: o.orderId,
    OrderType: 'port_out',
    ProcessingStatus: o.status,
  }));
  const after = days[first + size];
  const next = after && { next: `Link=<https://bandwidth/portouts?page=${after.orderId}&size=${size}>;rel="next";` };
  const wrapper = { TotalCount: days.length, Links: next ?? '', ...(rows.length > 0 && { lnpPortInfoForGivenStatus: rows }) };
  return { status: 200, content: { LNPResponseWrapper: wrapper } };
};

/** Answers one request about numbers that leave; undefined: it is about something else. */
export const answerPortOut = (
  portOuts: BandwidthPortOuts,
  method: string,
  path: string,
  query: URLSearchParams,
  said: Record<string, Xml>,
): Reply | undefined => {
  if (method === 'GET' && path === '/portouts') return list(portOuts, query);
  const [, id, rest = ''] = /^\/portouts\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  const order = portOuts.orders.find((o) => o.orderId === id);
  if (!order) return refusal(404, '404', 'The order does not exist');
  const { notes, pon, status, numbers, actualFocDate, lastModified } = order;
  if (method === 'GET' && rest === '/notes') return { status: 200, content: { Notes: notes.length > 0 ? { Note: notes } : '' } };
  if (method === 'POST' && rest === '/notes') {
    const { UserId, Description } = said['Note'] ?? {};
    const Id = String(notes.length + 1);
    notes.push({ Id, UserId: String(UserId), Description: String(Description), LastDateModifier: tick(portOuts).toISOString() });
    return { status: 201, headers: { location: `/portouts/${id}/notes/${Id}` } };
  }
  const LnpOrderResponse = {
    ...{
      RequestedFocDate: actualFocDate,
      ActualFocDate: actualFocDate,
      PON: pon,
      AccountId: '9900000',
      OrderCreateDate: '2026-03-02T15:00:00.000Z',
    },
    ...{ LastModifiedDate: lastModified.toISOString(), userId: 'System', PortOutStatus: status, SPID: '512E' },
    ...(portOuts.namesNumbers && { ListOfPhoneNumbers: { PhoneNumber: numbers } }),
  };
  return { status: 200, content: { LnpOrderResponse } };
};
