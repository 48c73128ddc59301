import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, ENCRYPTION_KEY, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import {
  advance,
  command,
  emulatedPortability,
  emulatedRecord,
  nextStepAt,
  receiveRequest,
  scenarioOf,
  snapshotOf,
} from '../core/port-emulator.ts';
import type { EmulatedPort, Notice } from '../core/port-emulator.ts';
import type {
  CarrierPortEvent,
  CarrierPortNote,
  CarrierPortSnapshot,
  Portability,
  PortableType,
  PortingAbilities,
  PortRequest,
  RecordAnswer,
  RecordRequest,
} from '../core/porting-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';
import { PortingCarrier } from './porting-carrier.ts';

type Row = { attempts: number; state: EmulatedPort | null };
/** A message as the emulated carrier would send it. */
export type EmulatedWebhook = { readonly body: Uint8Array; readonly signature: string };
/** Such a message as whoever receives it has it. */
export const asReceived = ({ body, signature }: EmulatedWebhook): SignedMessage => ({
  rawBody: body,
  header: (name) => (name === SIGNATURE ? signature : undefined),
});

const SIGNATURE = 'carrier-signature';
const OURS = 'em_';
const RECORD = 'record_'; // with the scenario behind it: it keeps no books of these
const ctx = systemContext('emulated carrier');
const open = sql<Row>(
  'emulated-port-open',
  `INSERT INTO emulated_port (ref, attempts) VALUES ($1, 1) ON CONFLICT (ref) DO UPDATE SET attempts = emulated_port.attempts + 1 RETURNING attempts, state`,
);
const lock = sql<Row>('emulated-port-lock', `SELECT attempts, state FROM emulated_port WHERE ref = $1 FOR UPDATE`);
const save = sql('emulated-port-save', `UPDATE emulated_port SET state = $2 WHERE ref = $1`);

const TYPES: Readonly<Record<string, PortableType>> = {
  MOBILE: 'mobile',
  TOLL_FREE: 'toll_free',
  SHARED_COST: 'shared_cost',
  UAN: 'national',
};

/** No carrier at all: an emulation with books of its own, to rehearse ports with and to test against. See port-emulator.ts for what it does when. */
@Injectable()
export class EmulatedPortingCarrier extends PortingCarrier {
  readonly name = 'emulated';
  readonly abilities: PortingAbilities = {
    ...{ onDemandActivation: true, cutoffHours: 24, numbersMax: 1_000 },
    ...{ customerRecords: true, requirements: false, focWindows: false },
  };
  private readonly secret: Buffer;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    @Inject(ENCRYPTION_KEY) key: string,
  ) {
    super();
    this.secret = createHmac('sha256', key).update('emulated carrier').digest();
  }

  async checkPortability(e164s: readonly string[]): Promise<readonly Portability[]> {
    return e164s.map((e164) => {
      const known = parsePhoneNumberFromString(e164);
      return emulatedPortability(e164, known?.country ?? 'US', TYPES[known?.getType() ?? ''] ?? 'local');
    });
  }

  requestRecord({ numbers }: RecordRequest): Promise<string> {
    return Promise.resolve(`${RECORD}${scenarioOf(numbers)}`);
  }
  record(ref: string): Promise<RecordAnswer> {
    return Promise.resolve(emulatedRecord(ref.slice(RECORD.length)));
  }
  // it asks no more than countries do, at any time
  requirements(): Promise<readonly []> {
    return Promise.resolve([]);
  }
  focWindows(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  async create(orderId: string, request: PortRequest): Promise<string> {
    const ref = `${OURS}${orderId}`;
    const [{ attempts, state } = { attempts: 1, state: null }] = await this.db.alone(ctx, (tx) => tx.query(open, ref));
    if (state) return ref;
    const port = receiveRequest(ref, request, attempts, this.clock.now());
    await this.db.alone(ctx, (tx) => tx.query(save, ref, port));
    return ref;
  }

  /** Whether a request is one of its own. */
  knows(ref: string): boolean {
    return ref.startsWith(OURS);
  }

  supplement(ref: string, request: PortRequest): Promise<void> {
    return this.tell(ref, request.key, { supplement: request });
  }
  cancel(ref: string, key: string): Promise<void> {
    return this.tell(ref, key, 'cancel');
  }
  activate(ref: string, key: string): Promise<void> {
    return this.tell(ref, key, 'activate');
  }
  reverse(ref: string, key: string): Promise<void> {
    return this.tell(ref, key, 'reverse');
  }

  async getOrder(ref: string): Promise<CarrierPortSnapshot> {
    return this.db.alone(ctx, async (tx) => snapshotOf((await this.atNow(tx, ref, this.clock.now())).port));
  }

  /** Lets the carrier do what it would do next, without waiting for its time. @returns the messages it sends of it */
  async takeNextStep(ref: string): Promise<readonly EmulatedWebhook[]> {
    return this.db.alone(ctx, async (tx) => {
      const { port } = await this.atNow(tx, ref, this.clock.now());
      const next = nextStepAt(port);
      return next ? (await this.atNow(tx, ref, next)).notices.map((n) => this.signed(n)) : [];
    });
  }

  /** What the carrier has done by now, as the messages that it sends of it. */
  async dueWebhooks(ref: string): Promise<readonly EmulatedWebhook[]> {
    return this.db.alone(ctx, async (tx) => (await this.atNow(tx, ref, this.clock.now())).notices.map((n) => this.signed(n)));
  }

  // nobody works there who could read or say something
  async addNote(): Promise<void> {}
  notes(): Promise<readonly CarrierPortNote[]> {
    return Promise.resolve([]);
  }

  sent({ header }: SignedMessage): boolean {
    return header(SIGNATURE) !== undefined;
  }

  parseWebhook({ rawBody, header }: SignedMessage): readonly CarrierPortEvent[] {
    const [own, given] = [Buffer.from(this.sign(rawBody)), Buffer.from(header(SIGNATURE) ?? '')];
    if (own.length !== given.length || !timingSafeEqual(own, given)) throw new Error('the signature does not fit');
    const { event_id: eventId, ref } = JSON.parse(Buffer.from(rawBody).toString('utf8')) as { event_id: string; ref: string };
    return [{ carrier: this.name, eventId, ref }];
  }

  private signed({ eventId, ref }: Notice): EmulatedWebhook {
    const body = Buffer.from(JSON.stringify({ event_id: eventId, ref }));
    return { body, signature: this.sign(body) };
  }

  private sign(body: Uint8Array): string {
    return createHmac('sha256', this.secret).update(body).digest('hex');
  }

  private async tell(ref: string, key: string, what: Parameters<typeof command>[2]): Promise<void> {
    await this.db.alone(ctx, async (tx) => {
      const { port } = await this.atNow(tx, ref, this.clock.now());
      await tx.query(save, ref, command(port, key, what, this.clock.now()));
    });
  }

  private async atNow(tx: Tx, ref: string, now: Date): Promise<{ port: EmulatedPort; notices: readonly Notice[] }> {
    const [row] = await tx.query(lock, ref);
    if (!row?.state) throw new Error(`the emulated carrier knows no ${ref}`);
    const done = advance(row.state, now);
    if (done.port !== row.state) await tx.query(save, ref, done.port);
    return done;
  }
}
