import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { XMLParser } from 'fast-xml-parser';
import { answerCsr } from './bandwidth-csrs.ts';
import type { BandwidthCsr } from './bandwidth-csrs.ts';
import { answerPortOut, emptyPortOuts } from './bandwidth-port-outs.ts';
import type { BandwidthPortOuts } from './bandwidth-port-outs.ts';
import { refusal, xml } from './bandwidth-xml.ts';
import type { Reply, Xml } from './bandwidth-xml.ts';

export type BandwidthPort = {
  readonly orderId: string;
  /** As it was told last: an LnpOrder. */
  order: Xml;
  status: string;
  errors: { Code: string; Description: string; TelephoneNumbers?: { TelephoneNumber: string[] } }[];
  actualFocDate: string | undefined;
  activated: string[];
  lastModified: Date;
  readonly files: { name: string; bytes: number; type: string; data: Xml }[];
  readonly notes: { Id: string; UserId: string; Description: string; LastDateModifier: string }[];
};

export type BandwidthEmulator = {
  readonly url: string;
  readonly accountId: string;
  readonly user: string;
  readonly password: string;
  readonly ports: BandwidthPort[];
  readonly portOuts: BandwidthPortOuts;
  readonly csrs: BandwidthCsr[];
  /** What the check says of numbers; one that is not here is not portable. */
  readonly portable: Map<string, { spid: string; name: string }>;
  /** The next requests fail so, until it is said otherwise. */
  mood: 'well' | 'failing' | 'unreadable';
  readonly requests: string[];
  /** Bandwidth or a losing carrier does something with an order. */
  move(orderId: string, change: Partial<Omit<BandwidthPort, 'orderId' | 'files'>>): BandwidthPort;
  /** What a subscription would be told of it. */
  notice(orderId: string): string;
  stop(): Promise<void>;
};

const parser = new XMLParser({ parseTagValue: false });
const missing = (): Reply => refusal(404, '404', 'The order does not exist');

const listOf = (found: unknown): string[] => (found === undefined ? [] : [found].flat().map(String));
const numbersOf = ({ order }: BandwidthPort): string[] => listOf((order['ListOfPhoneNumbers'] as Xml | undefined)?.['PhoneNumber']);

const seen = (port: BandwidthPort): Xml => {
  const { CustomerOrderId, Subscriber, ListOfPhoneNumbers, SiteId, LoaAuthorizingPerson } = port.order;
  return {
    OrderId: port.orderId,
    ...(port.errors.length > 0 && { Errors: port.errors }),
    ProcessingStatus: port.status,
    CustomerOrderId,
    LoaAuthorizingPerson,
    Subscriber,
    ...(port.actualFocDate && { ActualFocDate: port.actualFocDate }),
    ListOfPhoneNumbers,
    SiteId,
    LastModifiedDate: port.lastModified.toISOString(),
    userId: 'emulator',
    PortType: 'AUTOMATED',
  };
};

/**
 * Starts the Bandwidth emulator: ours, stateful, offline. It answers what Trunkline uses of port-ins and port-outs of Bandwidth's numbers API in the shapes of its
 * documentation and of the answers that its SDK (@bandwidth/numbers 2.0.0) carries along for its own tests.
 */
export const startBandwidthEmulator = async (): Promise<BandwidthEmulator> => {
  const account = { accountId: '9900000', user: 'trunkline', password: 'emulated-password' };
  const { authorization } = { authorization: `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}` };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://emulator');
    const path = url.pathname.replace(`/accounts/${account.accountId}`, '');
    emulator.requests.push(`${request.method} ${path}`);
    const answer = (): Reply => {
      if (request.headers.authorization !== authorization) return refusal(401, '401', 'Unauthorized');
      if (emulator.mood === 'failing') return { status: 500 };
      const type = request.headers['content-type'] ?? '';
      return answerAs(emulator, request.method ?? 'GET', path, url.searchParams, Buffer.concat(chunks), type);
    };
    const { status, content, headers = {} } = answer();
    const body = emulator.mood === 'unreadable' ? '<html><body>down for maintenance' : content ? xml(content) : '';
    response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let clockMs = Date.UTC(2026, 2, 2, 15);
  const emulator: BandwidthEmulator = {
    ...account,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ports: [],
    portOuts: emptyPortOuts(),
    csrs: [],
    portable: new Map(),
    mood: 'well',
    requests: [],
    move: (orderId, change) => {
      const port = emulator.ports.find((p) => p.orderId === orderId);
      if (!port) throw new Error(`there is no port ${orderId}`);
      return Object.assign(port, { lastModified: new Date((clockMs += 1_000)) }, change);
    },
    notice: (orderId) => {
      const { status, order, lastModified } = emulator.ports.find((p) => p.orderId === orderId)!;
      return xml({
        Notification: {
          Status: status,
          SubscriptionId: 'a3b5c7',
          Message: `Order is in ${status}`,
          OrderId: orderId,
          OrderType: 'portins',
          CustomerOrderId: order['CustomerOrderId'],
          LastModifiedDate: lastModified.toISOString(),
        },
      });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return emulator;
};

const answerAs = (
  emulator: BandwidthEmulator,
  method: string,
  path: string,
  query: URLSearchParams,
  bytes: Buffer,
  type: string,
): Reply => {
  const said = type.includes('xml') ? (parser.parse(bytes.toString('utf8')) as Record<string, Xml>) : {};
  const ofOther = answerPortOut(emulator.portOuts, method, path, query, said) ?? answerCsr(emulator.csrs, method, path, said);
  if (ofOther) return ofOther;
  if (method === 'POST' && path === '/lnpchecker') return check(emulator, said['NumberPortabilityRequest']);
  if (method === 'POST' && path === '/portins') return create(emulator, said['LnpOrder'] ?? {});
  if (method === 'GET' && path === '/portins') return search(emulator, query.get('orderTn') ?? '');
  const [, id, rest = ''] = /^\/portins\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  const port = emulator.ports.find((p) => p.orderId === id);
  return port ? ofOrder(emulator, port, `${method} ${rest}`, said, bytes, type) : missing();
};

const check = ({ portable }: BandwidthEmulator, asked: Xml | undefined): Reply => {
  const numbers = listOf((asked?.['TnList'] as Xml | undefined)?.['Tn']);
  const [good, bad] = [numbers.filter((n) => portable.has(n)), numbers.filter((n) => !portable.has(n))];
  const group = (name: string, list: string[]) => (list.length > 0 ? { [name]: list } : '');
  const carriers = good.map((n) => ({
    LosingCarrierSPID: portable.get(n)!.spid,
    LosingCarrierName: portable.get(n)!.name,
    LosingCarrierIsWireless: 'false',
    TnList: { Tn: [n] },
  }));
  return {
    status: 200,
    content: {
      NumberPortabilityResponse: {
        PortType: 'AUTOMATED',
        PortableNumbers: group('Tn', good),
        SupportedRateCenters: '',
        UnsupportedRateCenters: bad.length > 0 ? { RateCenterGroup: { RateCenter: 'ALSEN', State: 'SD', TnList: { Tn: bad } } } : '',
        SupportedLosingCarriers: carriers.length > 0 ? { LosingCarrierTnList: carriers } : '',
      },
    },
  };
};

const create = (emulator: BandwidthEmulator, order: Xml): Reply => {
  if (/[^A-Za-z0-9 -]|.{41}/.test(String(order['CustomerOrderId'] ?? ''))) return refusal(400, '7318', 'Customer order ID is invalid');
  const orderId = randomUUID();
  const fresh = { errors: [], actualFocDate: undefined, activated: [], files: [], notes: [] };
  emulator.ports.push({ orderId, order, status: 'DRAFT', lastModified: new Date(0), ...fresh });
  const port = emulator.move(orderId, order['ProcessingStatus'] === 'draft' ? {} : { status: 'SUBMITTED' });
  const Status = { Code: '201', Description: 'Order request received.' };
  return { status: 201, content: { LnpOrderResponse: { Status, ...seen(port) } }, headers: { location: `/portins/${orderId}` } };
};

const search = ({ ports }: BandwidthEmulator, number: string): Reply => {
  const found = ports.filter((p) => numbersOf(p).includes(number));
  const rows = found.map((p) => ({
    CountOfTNs: numbersOf(p).length,
    lastModifiedDate: p.lastModified.toISOString(),
    OrderId: p.orderId,
    OrderType: 'port_in',
    ProcessingStatus: p.status,
  }));
  return {
    status: 200,
    content: { LNPResponseWrapper: { TotalCount: rows.length, Links: '', ...(rows.length > 0 && { lnpPortInfoForGivenStatus: rows }) } },
  };
};

const ofOrder = (
  emulator: BandwidthEmulator,
  port: BandwidthPort,
  route: string,
  said: Record<string, Xml>,
  bytes: Buffer,
  type: string,
): Reply => {
  const { orderId, files, notes } = port;
  if (route === 'GET ') return { status: 200, content: { LnpOrderResponse: seen(port) } };
  if (route === 'PUT ') return supplement(emulator, port, said['LnpOrderSupp'] ?? {});
  if (route === 'DELETE ') return cancel(emulator, port);
  if (route === 'GET /activationStatus') return { status: 200, content: activationOf(port) };
  if (route === 'PUT /activationStatus') {
    if (port.status !== 'FOC') return refusal(400, '7605', 'The order has no firm date');
    emulator.move(orderId, { activated: numbersOf(port), status: 'COMPLETE' });
    return { status: 200, content: activationOf(port) };
  }
  if (route === 'GET /notes') return { status: 200, content: { Notes: notes.length > 0 ? { Note: notes } : '' } };
  if (route === 'POST /notes') {
    const { UserId, Description } = said['Note'] ?? {};
    const note = { Id: String(notes.length + 1), UserId: String(UserId), Description: String(Description) };
    notes.push({ ...note, LastDateModifier: port.lastModified.toISOString() });
    return { status: 201, headers: { location: `/portins/${orderId}/notes/${note.Id}` } };
  }
  if (route === 'GET /loas') {
    const fileData = files.map((f) => ({ FileName: f.name, FileMetaData: f.data }));
    return { status: 200, content: { fileListResponse: { fileCount: files.length, ...(fileData.length > 0 && { fileData }) } } };
  }
  if (route === 'POST /loas') {
    const name = `${orderId}-${files.length + 1}.pdf`;
    files.push({ name, bytes: bytes.length, type, data: { DocumentType: 'OTHER' } });
    return {
      status: 201,
      content: { fileUploadResponse: { filename: name, resultCode: 0, resultMessage: 'LOA file uploaded successfully' } },
    };
  }
  const file = files.find((f) => route === `PUT /loas/${f.name}/metadata`);
  if (!file) return missing();
  file.data = said['FileMetaData'] ?? {};
  return { status: 200 };
};

const supplement = (emulator: BandwidthEmulator, port: BandwidthPort, order: Xml): Reply => {
  if (port.status === 'COMPLETE' || port.status === 'CANCELLED') return refusal(400, '7300', 'The order can not be changed any more');
  const isDraft = port.status === 'DRAFT';
  const status = isDraft ? (order['ProcessingStatus'] === 'submitted' ? 'SUBMITTED' : 'DRAFT') : 'REQUESTED_SUPP';
  return { status: 200, content: { LnpOrderResponse: seen(emulator.move(port.orderId, { order, status, errors: [] })) } };
};

const cancel = (emulator: BandwidthEmulator, port: BandwidthPort): Reply => {
  if (port.status === 'COMPLETE') return refusal(400, '7301', 'The order can not be cancelled any more');
  if (port.status === 'DRAFT') emulator.ports.splice(emulator.ports.indexOf(port), 1);
  else emulator.move(port.orderId, { status: 'REQUESTED_CANCEL' });
  return { status: 200 };
};

const activationOf = (port: BandwidthPort): Xml => {
  const group = (list: string[]) => (list.length > 0 ? { TelephoneNumber: list } : '');
  const waiting = numbersOf(port).filter((n) => !port.activated.includes(n));
  return {
    ActivationStatusResponse: {
      ActivationStatus: {
        AutoActivationDate: port.actualFocDate ?? '',
        ActivatedTelephoneNumbersList: group(port.activated),
        NotYetActivatedTelephoneNumbersList: group(waiting),
      },
    },
  };
};
