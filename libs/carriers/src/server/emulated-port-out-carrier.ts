import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, newId, systemContext } from '@trunkline/kernel';
import { Database, ENCRYPTION_KEY, Sealer, sql } from '@trunkline/platform';
import { emulatedAnswer, emulatedDispute, emulatedStep } from '../core/port-out-emulator.ts';
import type { EmulatedPortOut, PortOutStep } from '../core/port-out-emulator.ts';
import type { CarrierPortOut, PortOutAnswer, PortOutMessage } from '../core/port-out-carrier.ts';
import type { EmulatedWebhook } from './emulated-porting-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';
import { PortOutCarrier } from './port-out-carrier.ts';

/** What the emulated winning carrier says of the account. */
export type EmulatedRequest = Omit<CarrierPortOut, 'ref' | 'version' | 'status' | 'focAt'>;

const PAGE = 500;
const SIGNATURE = 'carrier-signature';
const ctx = systemContext('emulated carrier');
const sealOf = (ref: string): string => `emulated port out:${ref}`;
const read = sql<{ state: EmulatedPortOut }>('emulated-port-out', `SELECT state FROM emulated_port_out WHERE ref = $1`);
const lock = sql<{ state: EmulatedPortOut }>('emulated-port-out-lock', `SELECT state FROM emulated_port_out WHERE ref = $1 FOR UPDATE`);
const save = sql(
  'emulated-port-out-save',
  `INSERT INTO emulated_port_out (ref, state, changed_at) VALUES ($1, $2, $3) ON CONFLICT (ref) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at`,
);
const changed = sql<{ ref: string; changedAt: Date }>(
  'emulated-port-outs-changed',
  `SELECT ref, changed_at AS "changedAt" FROM emulated_port_out WHERE changed_at > $1 ORDER BY changed_at, ref LIMIT ${PAGE}`,
);

/** No carrier at all: numbers leave in its books, when an operator says so. */
@Injectable()
export class EmulatedPortOutCarrier extends PortOutCarrier {
  readonly name = 'emulated';
  readonly numbersMax = 100;
  readonly asksLater = true;
  private readonly secret: Buffer;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Inject(ENCRYPTION_KEY) key: string,
  ) {
    super();
    this.secret = createHmac('sha256', key).update('emulated port out').digest();
  }

  /** A winning carrier asks for numbers. @param onTheLine whether it waits for the answer */
  async ask(asked: EmulatedRequest, onTheLine: boolean): Promise<EmulatedWebhook & { readonly ref: string }> {
    const ref = `emo_${newId()}`;
    const { pin, deadline, ...rest } = asked;
    const pinSealed = pin === null ? null : this.sealer.seal(pin, sealOf(ref)).toString('base64');
    const deadlineMs = deadline.getTime();
    const state: EmulatedPortOut = { ...rest, ref, version: 1, status: 'open', pinSealed, deadlineMs, focMs: null, answer: null };
    await this.db.alone(ctx, (tx) => tx.query(save, ref, state, this.clock.now()));
    return { ref, ...this.message(onTheLine ? { ref, asked: this.seen(state) } : { ref }) };
  }

  /** The carrier does something with it. @returns the message it sends of it; undefined where it would not do that */
  async takeStep(ref: string, step: PortOutStep): Promise<EmulatedWebhook | undefined> {
    const done = await this.change(ref, (state) => emulatedStep(state, step, this.clock.now()));
    return done ? this.message({ ref }) : undefined;
  }

  async portOut(ref: string): Promise<CarrierPortOut> {
    const [found] = await this.db.ask(ctx, read, ref);
    if (!found) throw new Error(`the emulated carrier knows no ${ref}`);
    return this.seen(found.state);
  }

  async changedSince(at: Date): Promise<{ refs: readonly string[]; readTo: Date }> {
    const rows = await this.db.ask(ctx, changed, at);
    const last = rows.at(-1)?.changedAt ?? at;
    // a full page may end among changes of one instant: those are read again
    return { refs: rows.map((r) => r.ref), readTo: rows.length < PAGE || last <= at ? last : new Date(last.getTime() - 1) };
  }

  async answer(ref: string, answer: PortOutAnswer): Promise<void> {
    await this.change(ref, (state) => emulatedAnswer(state, answer));
  }

  // nobody works there who could read something
  takesNotes(): boolean {
    return true;
  }
  async addNote(): Promise<void> {}

  async dispute(ref: string): Promise<void> {
    await this.change(ref, emulatedDispute);
  }

  sent({ header }: SignedMessage): boolean {
    return header(SIGNATURE) !== undefined;
  }

  parsePortOutWebhook({ rawBody, header }: SignedMessage): PortOutMessage {
    const [own, given] = [Buffer.from(this.sign(rawBody)), Buffer.from(header(SIGNATURE) ?? '')];
    if (own.length !== given.length || !timingSafeEqual(own, given)) throw new Error('the signature does not fit');
    const { ref, asked } = JSON.parse(Buffer.from(rawBody).toString('utf8')) as { ref: string; asked?: CarrierPortOut };
    return asked ? { kind: 'asked', portOut: { ...asked, deadline: new Date(asked.deadline) } } : { kind: 'changed', ref };
  }

  reply(): null {
    return null;
  }

  private async change(ref: string, to: (state: EmulatedPortOut) => EmulatedPortOut | undefined): Promise<boolean> {
    return this.db.alone(ctx, async (tx) => {
      const [found] = await tx.query(lock, ref);
      const next = found && to(found.state);
      if (!next) return false;
      if (next !== found.state) await tx.query(save, ref, next, this.clock.now());
      return true;
    });
  }

  private seen({ pinSealed, deadlineMs, focMs, answer: _, ...rest }: EmulatedPortOut): CarrierPortOut {
    const pin = pinSealed === null ? null : this.sealer.open(Buffer.from(pinSealed, 'base64'), sealOf(rest.ref));
    return { ...rest, pin, deadline: new Date(deadlineMs), focAt: focMs === null ? null : new Date(focMs) };
  }

  private message(what: object): EmulatedWebhook {
    const body = Buffer.from(JSON.stringify(what));
    return { body, signature: this.sign(body) };
  }

  private sign(body: Uint8Array): string {
    return createHmac('sha256', this.secret).update(body).digest('hex');
  }
}
