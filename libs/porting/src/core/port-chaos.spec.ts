import { CarrierBusy, SCENARIOS, advance, command, nextStepAt, receiveRequest, snapshotOf } from '@trunkline/carriers';
import type { CarrierPortSnapshot, EmulatedPort, PortRequest } from '@trunkline/carriers';
import { commandOf } from './carrier-command.ts';
import { afterEntry, fold } from './port-history.ts';
import type { PortEntry, PortStanding } from './port-history.ts';
import { timersOf } from './port-timers.ts';
import { reconcile } from './reconcile-port.ts';
import { step } from './step-port-in.ts';

const ORDERS = 1_000;
const HOUR = 3_600_000;

/** mulberry32: the same seed tells the same story. */
const dice = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

/** An order, the carrier that has it, and the post between them, which loses, doubles and shuffles. */
class World {
  readonly history: PortEntry[] = [];
  standing: PortStanding;
  port: EmulatedPort | undefined;
  now = Date.parse('2026-11-23T10:00:00Z');
  readonly seen: CarrierPortSnapshot[] = [];
  readonly activations: string[] = [];
  private attempts = 0;
  private polledAt: Date | null = null;
  private post: CarrierPortSnapshot[] = [];

  constructor(
    private readonly random: () => number,
    readonly numbers: readonly string[],
  ) {
    this.standing = fold([]);
    this.write('opened', numbers);
    for (const event of ['check', 'checked_ready', 'confirm'] as const) this.write(event);
  }

  write(event: PortEntry['event'], numbers: readonly string[] = [], data: PortEntry['data'] = {}): void {
    const entry = { event, numbers, data, at: new Date(this.now) };
    const next = afterEntry(this.standing, entry);
    for (const [e164, state] of next.numbers)
      if (state === 'active' && this.standing.numbers.get(e164) !== 'active') this.activations.push(e164);
    for (const [e164, state] of this.standing.numbers)
      if (state === 'active' && !['active', 'reversed'].includes(next.numbers.get(e164)!)) throw new Error(`${e164} went back`);
    if (next.carrierVersion < this.standing.carrierVersion) throw new Error('an older view was taken for a newer one');
    this.history.push(entry);
    this.standing = next;
  }

  look(snapshot: CarrierPortSnapshot): void {
    for (const { event, numbers, data } of reconcile(this.standing, snapshot)) this.write(event, numbers, data);
    if (snapshot.version > this.standing.carrierVersion) this.write('seen', [], { carrierVersion: snapshot.version });
  }

  poll(): void {
    this.polledAt = new Date(this.now);
    if (this.port) this.look(snapshotOf(this.port));
  }

  /** What is to be told is told; the answer may get lost, and then it is told again. */
  send(): void {
    const due = commandOf(this.standing);
    if (!due || due.verb === 'check') return;
    const { verb, key } = due;
    const request: PortRequest = {
      key,
      version: this.standing.version,
      numbers: this.numbers,
      requestedFocAt: null,
      timeZone: 'America/New_York',
      country: 'US',
      customer: 'business',
      fields: {},
      papers: [],
    };
    try {
      if (verb === 'create') this.port ??= receiveRequest('em_1', request, ++this.attempts, new Date(this.now));
      else if (this.port) this.port = command(this.port, key, verb === 'supplement' ? { supplement: request } : verb, new Date(this.now));
    } catch (error) {
      if (!(error instanceof CarrierBusy)) throw error;
      return this.write('submit_retry');
    }
    if (this.random() < 0.8) this.write('sent', [], { sent: key, carrierRef: 'em_1' });
  }

  pass(ms: number): void {
    this.now += ms;
    if (!this.port) return;
    const { port, notices } = advance(this.port, new Date(this.now));
    this.port = port;
    if (notices.length > 0) this.seen.push(snapshotOf(port));
    for (const _ of notices) {
      if (this.random() < 0.3) continue;
      this.post.push(snapshotOf(port), ...(this.random() < 0.3 ? [snapshotOf(port)] : []));
    }
  }

  /** Some of the post, in any order; the rest waits. */
  deliver(): void {
    this.post.sort(() => this.random() - 0.5);
    for (const snapshot of this.post.splice(0, Math.ceil(this.random() * this.post.length))) this.look(snapshot);
  }

  tick(): void {
    for (const [timer, at] of timersOf(this.standing, this.polledAt)) {
      if (at.getTime() > this.now) continue;
      if (timer === 'send') this.send();
      else if (timer === 'poll' && this.random() < 0.5) this.poll();
      else if (timer === 'route') this.write('route_opened');
      else if (timer === 'foc_time' || timer === 'window_timeout' || timer === 'stuck') this.write(timer);
    }
  }

  wish(): void {
    const chance = this.random();
    const may = (event: 'resubmit' | 'cancel' | 'activate_now' | 'reverse') => step(this.standing.state, event, null).kind === 'moved';
    if (chance < 0.3 && may('resubmit')) this.write('resubmit');
    else if (chance < 0.05 && may('cancel')) this.write('cancel');
    else if (chance > 0.9 && may('activate_now')) this.write('activate_now');
    else if (chance > 0.7 && may('reverse')) this.write('reverse');
  }
}

const settled = (carrier: CarrierPortSnapshot): readonly string[] => {
  const count = (status: string) => carrier.numbers.filter((n) => n.status === status).length;
  if (count('reversed') > 0) return ['reversed'];
  if (carrier.status === 'closed' || count('active') === carrier.numbers.length) return ['completed'];
  if (carrier.status === 'cancelled') return count('active') > 0 ? ['completed'] : ['cancelled'];
  if (carrier.status === 'rejected') return ['exception'];
  return ['submitting', 'submitted', 'supplementing', 'foc_confirmed', 'activating', 'exception']; // it waits for us, or for ever
};

const live = (seed: number): World => {
  const random = dice(seed);
  const suffix = String(seed % SCENARIOS.length).padStart(4, '0');
  const world = new World(
    random,
    Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) => `+1212${555 + i}${suffix}`),
  );
  for (let i = 0; i < 40; i++) {
    world.send();
    world.pass(random() * 8 * HOUR);
    world.deliver();
    world.tick();
    world.wish();
  }
  // nobody wishes for more: what was asked for is told, and the carrier does what it has left to do
  for (let i = 0; i < 40 && (commandOf(world.standing) || (world.port && nextStepAt(world.port))); i++) {
    world.send();
    world.pass(4 * HOUR);
    world.tick();
  }
  world.poll();
  return world;
};

it(`${ORDERS} orders, their events lost, doubled, late and out of order, end as the carrier says`, () => {
  const ends = new Map<string, number>();
  for (let seed = 0; seed < ORDERS; seed++) {
    const world = live(seed);
    const carrier = snapshotOf(world.port!);
    const { state, numbers } = world.standing;
    const told = { seed, status: carrier.status, state };
    expect(settled(carrier).includes(state) ? told : { ...told, history: world.history.map((e) => e.event) }).toEqual(told);
    const here = (status: string) => carrier.numbers.filter((n) => n.status === status).map((n) => n.e164);
    expect({ seed, active: [...numbers].filter(([, s]) => s === 'active').map(([n]) => n) }).toEqual({ seed, active: here('active') });
    expect(fold(world.history)).toEqual(world.standing);
    expect({ seed, charged: world.activations.length }).toEqual({ seed, charged: new Set(world.activations).size }); // each fee hangs on one of these
    for (const old of [...world.seen, ...world.seen.toReversed()]) world.look(old);
    expect({ seed, ...world.standing }).toEqual({ seed, ...fold(world.history), state, numbers });
    ends.set(state, (ends.get(state) ?? 0) + 1);
  }
  for (const end of ['completed', 'cancelled', 'reversed']) expect([end, (ends.get(end) ?? 0) > 20]).toEqual([end, true]);
});
