import { createHmac } from 'node:crypto';
import { Clock } from '@trunkline/kernel';
import type { CarrierPortOut, PortOutAnswer, PortOutMessage, PortOutReply } from '../../core/port-out-carrier.ts';
import { bandwidthRejection } from '../../core/port-out-reasons.ts';
import type { SignedMessage } from '../number-supplier.ts';
import { PortOutCarrier } from '../port-out-carrier.ts';
import { CarrierRefusal } from '../porting-carrier.ts';
import { anything, notes, notification } from './bandwidth-answers.ts';
import { BandwidthApi, BandwidthRefusal } from './bandwidth-api.ts';
import { demandBandwidths, isBandwidths } from './bandwidth-callback.ts';
import { bandwidthPortOut, bandwidthPortOutStatus, portOutOrder, portOutOrders, portOutValidation } from './bandwidth-port-out-answers.ts';
import type { PortOutValidation } from './bandwidth-port-out-answers.ts';
import { BANDWIDTH_TIMEOUT_MS, BANDWIDTH_URL } from './bandwidth-porting-carrier.ts';
import type { BandwidthConfig } from './bandwidth-porting-carrier.ts';
import { toE164, toNational } from './bandwidth-request.ts';
import { instantOf } from './bandwidth-snapshot.ts';
import { readXml, writeXml } from './bandwidth-xml.ts';

type Page = { readonly rows: { readonly id: string; readonly status: string; readonly atMs: number }[]; readonly next: string | undefined };

const REFUSED = new Set([400, 409, 422]);
const PAGE = 300;
const DAY_MS = 86_400_000;
const LOOKED_BACK_MS = 60 * DAY_MS;
/** In what a request on the line is called by, and in no id of an order. */
const ON_THE_LINE = '~';
const OVERLAP_MS = 5 * 60_000;
/** It asks nine times, five minutes apart, and takes silence for a yes. */
const SILENT_MS = 40 * 60_000;

/**
 * Numbers that leave Bandwidth. It asks on the line (its port-out validation) and never later: by then an order of `/portouts` is decided. A request on
 * the line has no reference of its own: it is called by its PON and what it says, so that a repeat is one and a corrected one is another.
 */
export class BandwidthPortOutCarrier extends PortOutCarrier {
  readonly name = 'bandwidth';
  readonly numbersMax = 999;
  readonly asksLater = false;
  private readonly api: BandwidthApi;

  constructor(
    private readonly config: BandwidthConfig,
    private readonly clock: Clock,
  ) {
    super();
    const { accountId, user, password, url = BANDWIDTH_URL, timeoutMs = BANDWIDTH_TIMEOUT_MS } = config;
    this.api = new BandwidthApi({ accountId, user, password, url, timeoutMs });
  }

  async portOut(ref: string): Promise<CarrierPortOut> {
    const { LnpOrderResponse: found } = await this.ask(this.api.get(pathOf(ref), portOutOrder));
    return bandwidthPortOut(ref, found, this.clock.now());
  }

  /** Of orders that are decided. Its list is asked by days of change. */
  async changedSince(at: Date): Promise<{ readonly refs: readonly string[]; readonly readTo: Date }> {
    const nowMs = this.clock.now().getTime();
    const fromMs = Math.max(at.getTime(), nowMs - LOOKED_BACK_MS) - OVERLAP_MS;
    const days = { startdate: dayOf(fromMs), enddate: dayOf(nowMs + DAY_MS) };
    const all: Page['rows'] = [];
    for (let page: string | undefined = '1'; page !== undefined;) {
      const { rows, next } = await this.page(new URLSearchParams({ page, size: String(PAGE), ...days }));
      all.push(...rows);
      page = next;
    }
    const changed = all.filter(({ atMs }) => atMs > fromMs).sort((a, b) => a.atMs - b.atMs);
    const refs = changed.filter(({ status }) => isDecided(status)).map(({ id }) => id);
    return { refs, readTo: new Date(Math.max(at.getTime(), changed.at(-1)?.atMs ?? 0)) };
  }

  answer(): Promise<void> {
    return Promise.reject(new CarrierRefusal('asks_on_the_line', 'Bandwidth takes an answer on the line alone, when it asks'));
  }

  /** What was asked on the line is no order yet. */
  takesNotes(ref: string): boolean {
    return !ref.includes(ON_THE_LINE);
  }

  /** Its people alone can bring a number back: they are asked by a note. */
  dispute(ref: string, reason: string, key: string): Promise<void> {
    return this.addNote(ref, `The subscriber disputes this port-out and asks that the numbers come back: ${reason}`, key);
  }

  async addNote(ref: string, said: string, key: string): Promise<void> {
    const text = `${said} [${key}]`;
    const { Notes: known } = await this.ask(this.api.get(`${pathOf(ref)}/notes`, notes));
    if (known !== '' && known.Note.some((note) => note.Description === text)) return;
    const xml = writeXml('Note', { UserId: this.config.user, Description: text });
    await this.ask(this.api.write('POST', `${pathOf(ref)}/notes`, xml, anything));
  }

  sent(message: SignedMessage): boolean {
    return isBandwidths(message);
  }

  parsePortOutWebhook(message: SignedMessage, now: Date): PortOutMessage {
    const { password } = demandBandwidths(message, this.config.callback);
    const body = read(message.rawBody);
    const { data: told } = notification.safeParse(body);
    if (told) {
      const { OrderType: type, OrderId: ref, Status: status } = told.Notification;
      return type === 'portouts' && isDecided(status) ? { kind: 'changed', ref } : { kind: 'other' };
    }
    const { data: asked } = portOutValidation.safeParse(body);
    if (!asked) return { kind: 'unreadable' };
    return { kind: 'asked', portOut: askedOf(asked.PortOutValidationRequest, password, now) };
  }

  reply(answer: PortOutAnswer, portOut: CarrierPortOut | null): PortOutReply {
    const xml = writeXml('PortOutValidationResponse', {
      Portable: String(answer.kind === 'authorized'),
      ...(portOut?.purchaseOrder && { PON: portOut.purchaseOrder }),
      ...(answer.kind === 'rejected' && dispute(answer.reason, answer.numbers, portOut)),
    });
    return { contentType: 'application/xml', body: xml };
  }

  private async page(query: URLSearchParams): Promise<Page> {
    const { LNPResponseWrapper: said } = await this.ask(this.api.get(`/portouts?${query}`, portOutOrders));
    const rows = said.lnpPortInfoForGivenStatus.map(({ OrderId: id, ProcessingStatus: status, lastModifiedDate }) => {
      return { id, status, atMs: instantOf(lastModifiedDate).getTime() };
    });
    return { rows, next: said.Links ? /[?&]page=([^&>]+)/.exec(said.Links.next ?? '')?.[1] : undefined };
  }

  private ask<T>(attempt: Promise<T>): Promise<T> {
    return attempt.catch((error: unknown) => {
      if (error instanceof BandwidthRefusal && REFUSED.has(error.status)) throw new CarrierRefusal(error.code, error.message);
      throw error;
    });
  }
}

const pathOf = (ref: string): string => `/portouts/${encodeURIComponent(ref)}`;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const isDecided = (word: string): boolean => !['open', 'unknown'].includes(bandwidthPortOutStatus(word));

/** Of what is no XML nothing is known. */
const read = (rawBody: Uint8Array): unknown => {
  try {
    return readXml(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return undefined;
  }
};

/** @param key what a request is called by must not let its PIN be guessed */
const askedOf = (said: PortOutValidation, key: string, now: Date): CarrierPortOut => {
  const mac = createHmac('sha256', key).update(JSON.stringify(said)).digest('hex').slice(0, 32);
  return {
    ref: `${said.PON ?? ''}${ON_THE_LINE}${mac}`,
    version: 0,
    status: 'open',
    numbers: said.TelephoneNumbers.map(toE164),
    pin: said.Pin,
    accountNumber: said.AccountNumber,
    postalCode: said.ZipCode,
    subscriberName: said.SubscriberName,
    purchaseOrder: said.PON,
    winningCarrier: { id: null, name: 'unknown' }, // it does not say
    deadline: new Date(now.getTime() + SILENT_MS),
    focAt: null,
  };
};

/** A dispute that has nothing to show counts as a yes: it shows the numbers that there is nothing to say against. */
const dispute = (reason: string, about: readonly string[], portOut: CarrierPortOut | null) => {
  const [Code, Description] = bandwidthRejection(reason, (portOut?.pin ?? null) !== null);
  const fine = (portOut?.numbers ?? []).filter((e164) => !about.includes(e164)).map(toNational);
  return {
    Errors: { Error: { Code, Description } },
    AcceptableValues: { TelephoneNumbers: fine.length > 0 ? { TelephoneNumber: fine } : '' },
  };
};
