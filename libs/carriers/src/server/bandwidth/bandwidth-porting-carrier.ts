import { createHash } from 'node:crypto';
import { AppError, Clock } from '@trunkline/kernel';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { carrierErrors } from '../../core/errors.ts';
import type {
  CarrierPortEvent,
  CarrierPortNote,
  CarrierPortSnapshot,
  Portability,
  PortingAbilities,
  PortPaper,
  PortRequest,
  RecordAnswer,
  RecordRequest,
} from '../../core/porting-carrier.ts';
import { bandwidthReason } from '../../core/carrier-reasons.ts';
import type { SignedMessage } from '../number-supplier.ts';
import { CarrierRefusal, PortingCarrier } from '../porting-carrier.ts';
import {
  activation,
  anything,
  csrOrder,
  fileUploaded,
  files,
  lnpOrder,
  lnpOrders,
  losingCarriers,
  notes,
  notification,
} from './bandwidth-answers.ts';
import type { BandwidthOrder } from './bandwidth-answers.ts';
import { BandwidthApi, BandwidthRefusal } from './bandwidth-api.ts';
import { demandBandwidths, isBandwidths } from './bandwidth-callback.ts';
import type { BandwidthCallback } from './bandwidth-callback.ts';
import { csrAnswer, csrRequest } from './bandwidth-csr.ts';
import { bandwidthOrder, orderIdOf, toE164, toNational, versionOf } from './bandwidth-request.ts';
import { bandwidthSnapshot } from './bandwidth-snapshot.ts';
import { readXml, writeXml } from './bandwidth-xml.ts';

/** `url` points at the emulator; absent, it is Bandwidth itself. */
export type BandwidthConfig = {
  readonly accountId: string;
  readonly user: string;
  readonly password: string;
  readonly siteId: string; // the sub-account that numbers come to
  readonly callback?: BandwidthCallback;
  readonly url?: string | undefined;
  readonly timeoutMs?: number | undefined;
};

export const BANDWIDTH_URL = 'https://dashboard.bandwidth.com/api';
export const BANDWIDTH_TIMEOUT_MS = 30_000;
/** What is wrong with the request itself. Any other refusal (our password, our account) is for the operator, and passes. */
const REFUSED = new Set([400, 409, 422]);
const OVER = new Set(['CANCELLED', 'COMPLETE']);
const DOCUMENTS = { letter_of_authority: 'LOA', bill: 'INVOICE' } as const;
const AT_ONCE = '2000-01-01T00:00:00Z'; // a date that is past says: now

/**
 * Ports by Bandwidth's numbers API: `/portins` of an account. It keeps no idempotency keys: an order is found again by one of its numbers and by its
 * CustomerOrderId, which is our id of it and the version that was asked for last.
 */
export class BandwidthPortingCarrier extends PortingCarrier {
  readonly name = 'bandwidth';
  readonly abilities: PortingAbilities = {
    ...{ onDemandActivation: true, cutoffHours: 24, numbersMax: 999 },
    ...{ customerRecords: true, requirements: false, focWindows: false },
  };
  private readonly api: BandwidthApi;

  constructor(
    private readonly config: BandwidthConfig,
    private readonly clock: Clock,
  ) {
    super();
    const { accountId, user, password, url = BANDWIDTH_URL, timeoutMs = BANDWIDTH_TIMEOUT_MS } = config;
    this.api = new BandwidthApi({ accountId, user, password, url, timeoutMs });
  }

  async checkPortability(e164s: readonly string[]): Promise<readonly Portability[]> {
    const asked = e164s.filter((e164) => e164.startsWith('+1'));
    const xml = writeXml('NumberPortabilityRequest', { TnList: { Tn: asked.map(toNational) } });
    const { NumberPortabilityResponse: said } = await this.ask(
      this.api.write('POST', '/lnpchecker?fullcheck=offnetportability', xml, losingCarriers),
    );
    const portable = new Set(said.PortableNumbers.map(toE164));
    const unserved = new Set(said.UnsupportedRateCenters.flatMap(({ TnList }) => TnList.map(toE164)));
    const carriers = said.SupportedLosingCarriers;
    return e164s.map((e164) => {
      const known = parsePhoneNumberFromString(e164);
      const losing = carriers.find(({ TnList }) => TnList.includes(toNational(e164)));
      const why = unserved.has(e164) || !asked.includes(e164) ? 'RATE_CENTER_UNSUPPORTED' : 'TN_NOT_PORTABLE';
      return {
        e164,
        portable: portable.has(e164),
        reason: portable.has(e164) ? null : why,
        country: known?.country ?? 'US',
        type: known?.getType() === 'TOLL_FREE' ? 'toll_free' : 'local',
        losingCarrier: { id: losing?.LosingCarrierSPID || 'unknown', name: losing?.LosingCarrierName || 'unknown' },
        fastPort: false, // whether an order may be activated on demand is decided when it is made
      };
    });
  }

  /** There is no search for earlier ones: a repeat asks twice, which costs no more than the asking. */
  async requestRecord(request: RecordRequest): Promise<string> {
    if (!request.number.startsWith('+1')) throw new CarrierRefusal('no_record', 'Bandwidth has records of North American numbers alone');
    const made = await this.ask(this.api.write('POST', '/csrs', writeXml('Csr', csrRequest(request)), csrOrder));
    if (made.CsrResponse.OrderId === undefined) throw new AppError(carrierErrors.unavailable);
    return made.CsrResponse.OrderId;
  }

  async record(ref: string): Promise<RecordAnswer> {
    return csrAnswer((await this.ask(this.api.get(`/csrs/${encodeURIComponent(ref)}`, csrOrder))).CsrResponse);
  }

  // its documentation has neither requirements nor times to ask for
  requirements(): Promise<readonly []> {
    return Promise.resolve([]);
  }
  focWindows(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  async create(orderId: string, request: PortRequest): Promise<string> {
    const found = await this.find(orderId, request);
    const ref = found?.ref ?? (await this.open(orderId, request));
    if (found && found.order.ProcessingStatus.toUpperCase() !== 'DRAFT') return ref;
    await this.attach(ref, request.papers);
    await this.change(ref, orderId, request, 'submitted');
    return ref;
  }

  async supplement(ref: string, request: PortRequest): Promise<void> {
    const { CustomerOrderId: known } = await this.read(ref);
    if (versionOf(known) === request.version) return;
    await this.attach(ref, request.papers);
    await this.change(ref, orderIdOf(known), request);
  }

  async cancel(ref: string): Promise<void> {
    const { ProcessingStatus: status } = await this.read(ref);
    if (status !== 'CANCELLED' && status !== 'REQUESTED_CANCEL') await this.ask(this.api.delete(pathOf(ref)));
  }

  async activate(ref: string): Promise<void> {
    const xml = writeXml('ActivationStatus', { AutoActivationDate: AT_ONCE });
    await this.ask(this.api.write('PUT', `${pathOf(ref)}/activationStatus`, xml, anything));
  }

  reverse(): Promise<void> {
    return Promise.reject(new CarrierRefusal('no_snapback', 'Bandwidth takes a port back when its support is asked, not by its API'));
  }

  async getOrder(ref: string): Promise<CarrierPortSnapshot> {
    const order = await this.read(ref);
    const isMoving = order.ProcessingStatus.toUpperCase() === 'FOC';
    return bandwidthSnapshot(ref, order, isMoving ? await this.activated(ref) : [], this.clock.now());
  }

  async addNote(ref: string, text: string, key: string): Promise<void> {
    const marked = `${text} [${key}]`;
    if ((await this.allNotes(ref)).some((note) => note.Description === marked)) return;
    const xml = writeXml('Note', { UserId: this.config.user, Description: marked });
    await this.ask(this.api.write('POST', `${pathOf(ref)}/notes`, xml, anything));
  }

  async notes(ref: string): Promise<readonly CarrierPortNote[]> {
    const theirs = (await this.allNotes(ref)).filter((note) => note.UserId !== this.config.user);
    return theirs.map((note) => ({ id: note.Id, text: note.Description, at: new Date(note.LastDateModifier) }));
  }

  sent(message: SignedMessage): boolean {
    return isBandwidths(message);
  }

  parseWebhook(message: SignedMessage): readonly CarrierPortEvent[] {
    demandBandwidths(message, this.config.callback);
    const { rawBody } = message;
    const { data: said } = notification.safeParse(readXml(Buffer.from(rawBody).toString('utf8')));
    if (said?.Notification.OrderType !== 'portins') return [];
    // it numbers no message: the same bytes are the same message
    const eventId = createHash('sha256').update(rawBody).digest('hex').slice(0, 32);
    return [{ carrier: this.name, eventId, ref: said.Notification.OrderId }];
  }

  private async open(orderId: string, request: PortRequest): Promise<string> {
    const xml = writeXml('LnpOrder', bandwidthOrder(orderId, this.config.siteId, request, 'draft'));
    const { LnpOrderResponse: made } = await this.ask(this.api.write('POST', '/portins', xml, lnpOrder));
    if (made.OrderId === undefined) throw new AppError(carrierErrors.unavailable);
    return made.OrderId;
  }

  private async change(ref: string, orderId: string, request: PortRequest, status?: 'submitted'): Promise<void> {
    const xml = writeXml('LnpOrderSupp', bandwidthOrder(orderId, this.config.siteId, request, status));
    await this.ask(this.api.write('PUT', pathOf(ref), xml, anything));
  }

  /** The order that an earlier attempt made. */
  private async find(orderId: string, { numbers }: PortRequest): Promise<{ ref: string; order: BandwidthOrder } | undefined> {
    const query = new URLSearchParams({ page: '1', size: '30', orderTn: toNational(numbers[0] ?? '') });
    const { LNPResponseWrapper: said } = await this.ask(this.api.get(`/portins?${query}`, lnpOrders));
    for (const { OrderId: ref, ProcessingStatus: status } of said.lnpPortInfoForGivenStatus) {
      if (OVER.has(status)) continue;
      const order = await this.read(ref);
      if (orderIdOf(order.CustomerOrderId) === orderId) return { ref, order };
    }
    return undefined;
  }

  private async attach(ref: string, papers: readonly PortPaper[]): Promise<void> {
    if (papers.length === 0) return;
    const { fileListResponse: there } = await this.ask(this.api.get(`${pathOf(ref)}/loas?metadata=true`, files));
    const names = new Set(there.fileData.map(({ FileMetaData: data }) => (data ? data.DocumentName : undefined)));
    for (const { id, kind, mediaType, read } of papers.filter((paper) => !names.has(paper.id))) {
      const { fileUploadResponse: file } = await this.ask(this.api.upload(`${pathOf(ref)}/loas`, await read(), mediaType, fileUploaded));
      const xml = writeXml('FileMetaData', { DocumentName: id, DocumentType: DOCUMENTS[kind] });
      await this.ask(this.api.write('PUT', `${pathOf(ref)}/loas/${encodeURIComponent(file.filename)}/metadata`, xml, anything));
    }
  }

  private async activated(ref: string): Promise<readonly string[]> {
    const { ActivationStatusResponse: said } = await this.ask(this.api.get(`${pathOf(ref)}/activationStatus`, activation));
    return said.ActivationStatus.ActivatedTelephoneNumbersList;
  }

  private async allNotes(ref: string) {
    const { Notes: said } = await this.ask(this.api.get(`${pathOf(ref)}/notes`, notes));
    return said === '' ? [] : said.Note;
  }

  private async read(ref: string): Promise<BandwidthOrder> {
    return (await this.ask(this.api.get(pathOf(ref), lnpOrder))).LnpOrderResponse;
  }

  private ask<T>(attempt: Promise<T>): Promise<T> {
    return attempt.catch((error: unknown) => {
      if (error instanceof BandwidthRefusal && REFUSED.has(error.status))
        throw new CarrierRefusal(error.code, error.message, bandwidthReason(error.code));
      throw error;
    });
  }
}

const pathOf = (ref: string): string => `/portins/${encodeURIComponent(ref)}`;
