import { AppError, Clock, notFound } from '@trunkline/kernel';
import { carrierErrors } from '../../core/errors.ts';
import type { CarrierPortOut, PortOutAnswer, PortOutMessage } from '../../core/port-out-carrier.ts';
import { telnyxRejection } from '../../core/port-out-reasons.ts';
import type { SignedMessage } from '../number-supplier.ts';
import { PortOutCarrier } from '../port-out-carrier.ts';
import { CarrierRefusal } from '../porting-carrier.ts';
import { TelnyxApi, TelnyxRefusal } from './telnyx-api.ts';
import { anything } from './telnyx-port-answers.ts';
import { portOutAnswer, portOutComments, portOutEvents, portOuts, rejectionCodes, telnyxPortOut } from './telnyx-port-out-answers.ts';
import type { TelnyxPortOut } from './telnyx-port-out-answers.ts';
import { TELNYX_TIMEOUT_MS, TELNYX_URL } from './telnyx-supplier.ts';
import type { TelnyxConfig } from './telnyx-supplier.ts';
import { TELNYX_SIGNATURE, readTelnyxPortOutWebhook } from './telnyx-webhook.ts';

const REFUSED = new Set([400, 409, 422]);
const PAGE = 250;
/** A request is over by then: firm dates are thirty days ahead at most. */
const LOOKED_BACK_MS = 60 * 86_400_000;
/** Its list may show a change a while after the change's own time. */
const OVERLAP_MS = 5 * 60_000;
/** What a request is about is there before the message of it, which has the PIN. */
const PIN_WAIT_MS = 5 * 60_000;

/** Numbers that leave Telnyx, by its API v2: `/portouts`. It decides by silence after its time, has no PIN of its own, and no way back. */
export class TelnyxPortOutCarrier extends PortOutCarrier {
  readonly name = 'telnyx';
  readonly numbersMax = 1_000;
  readonly asksLater = true;
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

  async portOut(ref: string): Promise<CarrierPortOut> {
    const said = await this.read(ref);
    return telnyxPortOut(said, said.status === 'pending' ? await this.pinOf(said) : null, this.clock.now());
  }

  /** Its list cannot be asked by when a request changed: all that came of late are read. */
  async changedSince(at: Date): Promise<{ readonly refs: readonly string[]; readonly readTo: Date }> {
    const from = new Date(this.clock.now().getTime() - LOOKED_BACK_MS).toISOString();
    const all: { readonly id: string; readonly atMs: number }[] = [];
    for (let page = 1; ; page += 1) {
      const query = { 'filter[inserted_at][gte]': from, 'page[number]': String(page), 'page[size]': String(PAGE) };
      const { data } = await this.ask(this.api.get('/portouts', query, portOuts));
      all.push(...data.map(({ id, updated_at }) => ({ id, atMs: new Date(updated_at).getTime() })));
      if (data.length < PAGE) break;
    }
    const changed = all.filter(({ atMs }) => atMs > at.getTime() - OVERLAP_MS).sort((a, b) => a.atMs - b.atMs);
    return { refs: changed.map(({ id }) => id), readTo: new Date(Math.max(at.getTime(), changed.at(-1)?.atMs ?? 0)) };
  }

  async answer(ref: string, answer: PortOutAnswer): Promise<void> {
    const said = await this.read(ref);
    const { status } = telnyxPortOut(said, null, this.clock.now());
    if (status === 'cancelled') return; // there is nothing to answer any more
    const agreed = answer.kind === 'authorized' ? ['authorized', 'foc', 'ported'] : ['rejected'];
    if (agreed.includes(status)) return;
    if (status !== 'open') throw new CarrierRefusal(said.status, `Telnyx has the request as ${said.status} already`);
    if (answer.kind === 'authorized') return this.put(ref, 'authorized', 'Authorized by the subscriber');
    const { data: eligible } = await this.ask(this.api.get(`/portouts/rejections/${encodeURIComponent(ref)}`, {}, rejectionCodes));
    await this.put(ref, 'rejected-pending', telnyxRejection(answer.reason, eligible, answer.evidence ?? null));
  }

  takesNotes(): boolean {
    return true;
  }

  /** Its people alone can bring a number back: they are asked by a comment. */
  dispute(ref: string, reason: string, key: string): Promise<void> {
    return this.addNote(ref, `The subscriber disputes this port-out and asks that the numbers come back: ${reason}`, key);
  }

  async addNote(ref: string, text: string, key: string): Promise<void> {
    const body = `${text}\n[${key}]`;
    const path = `${pathOf(ref)}/comments`;
    const { data } = await this.ask(this.api.get(path, {}, portOutComments));
    if (!data.some((comment) => comment.body === body)) await this.ask(this.api.post(path, { body }, anything));
  }

  sent({ header }: SignedMessage): boolean {
    return header(TELNYX_SIGNATURE) !== undefined;
  }

  parsePortOutWebhook(message: SignedMessage, now: Date): PortOutMessage {
    if (this.publicKey === undefined) throw notFound();
    const ref = readTelnyxPortOutWebhook(message, this.publicKey, now);
    return ref === null ? { kind: 'other' } : { kind: 'changed', ref };
  }

  reply(): null {
    return null; // it never waits for one
  }

  private async pinOf({ id, inserted_at }: TelnyxPortOut): Promise<string | null> {
    const query = { 'filter[portout_id]': id, 'filter[event_type]': 'portout.status_changed' };
    const { data } = await this.ask(this.api.get('/portouts/events', query, portOutEvents));
    if (data.length === 0 && this.clock.now().getTime() < new Date(inserted_at).getTime() + PIN_WAIT_MS)
      throw new AppError(carrierErrors.unavailable, undefined, {
        cause: new Error('Telnyx has not told yet with which PIN a port-out was asked for'),
      });
    return data.find(({ payload }) => payload?.attempted_pin)?.payload?.attempted_pin ?? null;
  }

  private async put(ref: string, status: 'authorized' | 'rejected-pending', reason: string): Promise<void> {
    await this.ask(this.api.patch(`${pathOf(ref)}/${status}`, { reason }, portOutAnswer));
  }

  private async read(ref: string): Promise<TelnyxPortOut> {
    return (await this.ask(this.api.get(pathOf(ref), {}, portOutAnswer))).data;
  }

  private ask<T>(attempt: Promise<T>): Promise<T> {
    return attempt.catch((error: unknown) => {
      if (error instanceof TelnyxRefusal && REFUSED.has(error.status)) throw new CarrierRefusal(error.code, error.message);
      throw error;
    });
  }
}

const pathOf = (ref: string): string => `/portouts/${encodeURIComponent(ref)}`;
