import type { CarrierPortSnapshot, PortRejection, PortRequest, Portability, RecordAnswer } from './porting-carrier.ts';

/** What the emulated carrier does with a request: told by the last four digits of a number, 0000 to 0013; any other number is a happy one. */
export const SCENARIOS = [
  'happy',
  'reject_name',
  'reject_pin',
  'not_portable',
  'foc_moved',
  'partial',
  'duplicates',
  'lost_events',
  'cancel_too_late',
  'conflict_resolved',
  'snapback',
  'errors_first',
  'split',
  'silent',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ACCEPT_MS = 5 * MINUTE;
const FOC_MS = HOUR;
const ERRORS_FIRST = 2;

type Step =
  | 'accept'
  | 'reject'
  | 'foc'
  | 'move_foc'
  | 'activate'
  | 'activate_half'
  | 'cancel_rest'
  | 'fail'
  | 'cancel'
  | 'refuse_cancel'
  | 'reverse'
  | 'refuse_reversal';

/** One request in the emulated carrier's books. */
export type EmulatedPort = Omit<CarrierPortSnapshot, 'foc'> & {
  readonly scenario: Scenario;
  readonly foc: { readonly atMs: number; readonly timeZone: string } | null;
  readonly requestedAtMs: number | null;
  readonly timeZone: string;
  readonly keys: readonly string[]; // of commands that were taken: a repeat is acknowledged and changes nothing
  readonly rejected: boolean;
  readonly steps: readonly { readonly atMs: number; readonly step: Step }[];
};

export type Notice = { readonly eventId: string; readonly ref: string };

/** A fault on the carrier's side that passes: the same command may be tried again. */
export class CarrierBusy extends Error {}

const suffixOf = (e164: string): number => Number(e164.slice(-4));

export const scenarioOf = (numbers: readonly string[]): Scenario =>
  SCENARIOS[Math.max(0, ...numbers.map(suffixOf).filter((n) => n < SCENARIOS.length))] ?? 'happy';

export const emulatedPortability = (e164: string, country: string, type: Portability['type']): Portability => {
  const scenario = scenarioOf([e164]);
  const other = scenario === 'split';
  return {
    e164,
    portable: scenario !== 'not_portable',
    reason: scenario === 'not_portable' ? 'TN_NOT_PORTABLE' : null,
    country,
    type,
    losingCarrier: other ? { id: 'EM02', name: 'Emulated Valley Telephone' } : { id: 'EM01', name: 'Emulated Bell' },
    fastPort: type === 'local' && country === 'US',
  };
};

/** What the emulated losing carrier tells of an account beforehand: where it would refuse for the name, the name that it has. */
export const emulatedRecord = (scenario: string): RecordAnswer =>
  scenario === 'reject_name'
    ? { kind: 'told', record: { fields: { subscriber_name: 'Emulated Subscriber Ltd' }, numbers: [] } }
    : { kind: 'untold', reason: 'The emulated losing carrier gives no record of such numbers' };

/** @throws CarrierBusy for the first attempts where the scenario wants it */
export const receiveRequest = (
  ref: string,
  { key, version, numbers, requestedFocAt, timeZone }: Pick<PortRequest, 'key' | 'version' | 'numbers' | 'requestedFocAt' | 'timeZone'>,
  attempt: number,
  now: Date,
) => {
  const scenario = scenarioOf(numbers);
  if (scenario === 'errors_first' && attempt <= ERRORS_FIRST) throw new CarrierBusy('503 from the emulated carrier');
  const port: EmulatedPort = {
    ref,
    version: 1,
    answers: version,
    scenario,
    status: 'received',
    foc: null,
    requestedAtMs: requestedFocAt?.getTime() ?? null,
    timeZone,
    rejections: [],
    numbers: numbers.map((e164) => ({ e164, status: 'pending' })),
    cancel: 'none',
    reversal: 'none',
    keys: [key],
    rejected: false,
    steps: scenario === 'silent' ? [] : [{ atMs: now.getTime() + ACCEPT_MS, step: 'accept' }],
  };
  return port;
};

/** The request after a command of ours; the same object when the command was there already. */
export const command = (
  port: EmulatedPort,
  key: string,
  what: { readonly supplement: PortRequest } | 'cancel' | 'activate' | 'reverse',
  now: Date,
): EmulatedPort => {
  if (port.keys.includes(key)) return port;
  const next = { ...port, keys: [...port.keys, key], version: port.version + 1 };
  const at = now.getTime();
  const over = port.status === 'closed' || port.status === 'cancelled';
  if (over && what === 'cancel') return { ...next, cancel: 'too_late' };
  if (over && what !== 'reverse') return next;
  if (typeof what === 'object') {
    const { version, requestedFocAt } = what.supplement;
    const steps = [{ atMs: at + ACCEPT_MS, step: 'accept' as const }];
    return {
      ...next,
      answers: version,
      status: 'received',
      requestedAtMs: requestedFocAt?.getTime() ?? null,
      rejections: [],
      foc: null,
      steps: port.scenario === 'silent' ? [] : steps,
    };
  }
  if (what === 'activate') return { ...next, steps: [{ atMs: at + MINUTE, step: firstActivation(port.scenario) }] };
  if (what === 'cancel') {
    const step = port.scenario === 'cancel_too_late' ? 'refuse_cancel' : 'cancel';
    return { ...next, cancel: 'pending', steps: [...port.steps, { atMs: at + MINUTE, step }] };
  }
  const step = port.scenario === 'snapback' ? 'reverse' : 'refuse_reversal';
  return { ...next, reversal: 'pending', steps: [{ atMs: at + HOUR, step }] };
};

/** All that is due by now has happened; with it the messages that the carrier sends of it, in the order and number it sends them. */
export const advance = (port: EmulatedPort, now: Date): { readonly port: EmulatedPort; readonly notices: readonly Notice[] } => {
  let current = port;
  const notices: Notice[] = [];
  for (;;) {
    const due = current.steps.filter((s) => s.atMs <= now.getTime()).sort((a, b) => a.atMs - b.atMs)[0];
    if (!due) break;
    const rest = current.steps.filter((s) => s !== due);
    current = { ...taken({ ...current, steps: rest }, due.step, due.atMs), version: current.version + 1 };
    notices.push({ eventId: `${current.ref}-${current.version}`, ref: current.ref });
  }
  return { port: current, notices: asSent(port.scenario, notices) };
};

/** When the carrier does something next by itself; null: never. */
export const nextStepAt = ({ steps }: EmulatedPort): Date | null =>
  steps.length === 0 ? null : new Date(Math.min(...steps.map((s) => s.atMs)));

export const snapshotOf = (port: EmulatedPort): CarrierPortSnapshot => {
  const { ref, version, answers, status, rejections, numbers, cancel, reversal } = port;
  const foc = port.foc && { at: new Date(port.foc.atMs), timeZone: port.foc.timeZone };
  return { ref, version, answers, status, foc, rejections, numbers, cancel, reversal };
};

const asSent = (scenario: Scenario, notices: readonly Notice[]): readonly Notice[] => {
  if (scenario === 'lost_events') return [];
  return scenario === 'duplicates' ? [...notices.toReversed(), ...notices] : notices;
};

const firstActivation = (scenario: Scenario): Step =>
  scenario === 'partial' ? 'activate_half' : scenario === 'conflict_resolved' ? 'fail' : 'activate';

const REJECTIONS: { readonly [S in Scenario]?: PortRejection } = {
  reject_name: { code: 'NAME_MISMATCH', carrierCode: '7519', carrierText: 'End user name does not match', numbers: [] },
  reject_pin: { code: 'PIN_INVALID', carrierCode: '7513', carrierText: 'Invalid PIN', numbers: [] },
};

const taken = (port: EmulatedPort, step: Step, atMs: number): EmulatedPort => {
  const later = (ms: number, next: Step) => [...port.steps, { atMs: atMs + ms, step: next }];
  const pending = (status: 'active' | 'failed' | 'cancelled', count = port.numbers.length) => {
    let left = count;
    return port.numbers.map((n) => ((n.status === 'pending' || n.status === 'failed') && left-- > 0 ? { ...n, status } : n));
  };
  switch (step) {
    case 'accept': {
      const rejection = port.rejected ? undefined : REJECTIONS[port.scenario];
      return { ...port, status: 'accepted', steps: later(FOC_MS, rejection ? 'reject' : 'foc') };
    }
    case 'reject':
      return { ...port, status: 'rejected', rejected: true, rejections: [REJECTIONS[port.scenario]!] };
    case 'foc':
      return firm(port, Math.max(port.requestedAtMs ?? atMs + DAY, atMs + HOUR), port.scenario === 'foc_moved' ? atMs + HOUR / 2 : null);
    case 'move_foc':
      return firm(port, (port.foc?.atMs ?? atMs) + DAY, null);
    case 'activate':
      return { ...port, status: 'closed', numbers: pending('active'), steps: [] };
    case 'activate_half':
      if (port.numbers.length === 1) return taken(port, 'activate', atMs);
      return { ...port, numbers: pending('active', Math.ceil(port.numbers.length / 2)), steps: later(DAY, 'cancel_rest') };
    case 'cancel_rest':
      return { ...port, status: 'closed', numbers: pending('cancelled'), steps: [] };
    case 'fail':
      return { ...port, numbers: pending('failed'), steps: later(2 * HOUR, 'activate') };
    case 'cancel':
      return { ...port, status: 'cancelled', cancel: 'none', numbers: pending('cancelled'), steps: [] };
    case 'refuse_cancel':
      return { ...port, cancel: 'too_late' };
    case 'reverse':
      return { ...port, reversal: 'none', numbers: port.numbers.map((n) => ({ ...n, status: 'reversed' as const })), steps: [] };
    case 'refuse_reversal':
      return { ...port, reversal: 'refused' };
  }
};

const firm = (port: EmulatedPort, focMs: number, movesAtMs: number | null): EmulatedPort => ({
  ...port,
  status: 'foc',
  foc: { atMs: focMs, timeZone: port.timeZone },
  steps: [
    ...port.steps.filter((s) => s.step === 'cancel' || s.step === 'refuse_cancel'),
    ...(movesAtMs === null ? [] : [{ atMs: movesAtMs, step: 'move_foc' as const }]),
    ...(movesAtMs === null ? [{ atMs: focMs, step: firstActivation(port.scenario) }] : []),
  ],
});
