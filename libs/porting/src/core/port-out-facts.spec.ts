import { PORT_OUT_STEPS, emulatedStep } from '@trunkline/carriers';
import type { CarrierPortOutStatus, EmulatedPortOut } from '@trunkline/carriers';
import fc from 'fast-check';
import { DISPUTE_ENDS, movesOfCarrier, movesOfSettlement, movesOfSilence } from './port-out-facts.ts';
import { portOutMail } from './port-out-mail.ts';
import { PORT_OUT_STATES, PORT_OUT_TRANSITIONS } from './port-out-machine.ts';
import type { PortOutState } from './port-out-machine.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const STATUSES: readonly CarrierPortOutStatus[] = [
  ...(['open', 'authorized', 'rejected', 'foc', 'ported', 'cancelled', 'reversing', 'restored', 'upheld', 'unknown'] as const),
];
const known = (state: PortOutState, version = 1) => ({ state, version, until: null, completedAt: null, focAt: null });
const view = (status: CarrierPortOutStatus, version = 2) => ({ status, version, focAt: NOW });

const asked: EmulatedPortOut = {
  ...{ ref: 'r', version: 1, status: 'open', numbers: ['+12125550100'], accountNumber: null, postalCode: null, subscriberName: null },
  ...{ purchaseOrder: null, winningCarrier: { id: null, name: 'W' }, pinSealed: null, deadlineMs: 0, focMs: null, answer: null },
};

describe('what a carrier says', () => {
  it('leads along the machine, from every state, whatever it says', () => {
    for (const status of STATUSES)
      for (const state of PORT_OUT_STATES) {
        const way = [state, ...movesOfCarrier(known(state), view(status)).map((m) => m.state)];
        for (const [i, to] of way.slice(1).entries())
          expect([state, status, to === way[i] || PORT_OUT_TRANSITIONS[way[i]!].includes(to)]).toEqual([state, status, true]);
      }
  });

  it('is written down where a number left that was not to: refused, called off or unanswered', () => {
    const way = (state: PortOutState) => movesOfCarrier(known(state), view('ported')).map((m) => m.state);
    expect([way('rejected'), way('cancelled'), way('pending_tenant')]).toEqual([['completed'], ['completed'], ['authorized', 'completed']]);
  });

  it('is taken over where it was decided there, before it was heard of here or after', () => {
    const way = (state: PortOutState, status: CarrierPortOutStatus) => movesOfCarrier(known(state), view(status)).map((m) => m.state);
    expect([way('received', 'open'), way('received', 'unknown'), way('pending_tenant', 'unknown')]).toEqual([[], [], []]);
    expect([way('received', 'foc'), way('received', 'ported')]).toEqual([
      ['authorized', 'foc_scheduled'],
      ['authorized', 'completed'],
    ]);
    expect([way('pending_tenant', 'authorized'), way('pending_tenant', 'rejected')]).toEqual([['authorized'], ['rejected']]);
    expect([way('authorized', 'rejected'), way('rejected', 'authorized')]).toEqual([['cancelled'], []]);
  });

  it('adds nothing when it is no newer than what is known, or says the same date', () => {
    for (const state of PORT_OUT_STATES) expect(movesOfCarrier(known(state, 2), view('ported'))).toEqual([]);
    expect(movesOfCarrier({ ...known('foc_scheduled'), focAt: NOW }, view('foc'))).toEqual([]);
    expect(movesOfCarrier({ ...known('foc_scheduled'), focAt: new Date(0) }, view('foc'))).toMatchObject([{ state: 'foc_scheduled' }]);
  });

  it('of a dispute may be what the operator heard: it leads where the carrier’s own word would, and nowhere else', () => {
    for (const end of DISPUTE_ENDS)
      for (const state of PORT_OUT_STATES) {
        const told = movesOfCarrier(known(state), view(end)).map((m) => m.state);
        const settled = () => movesOfSettlement(state, end, 'by mail');
        if (told.length === 0) expect(settled).toThrow(`The request is ${state}`);
        else expect(settled()).toEqual(told.map((to) => ({ state: to, by: 'operator', text: 'by mail' })));
      }
  });

  it('ends in the same place, with messages doubled, reordered, lost or late', () => {
    const steps = fc.array(fc.constantFrom(...PORT_OUT_STEPS), { maxLength: 6 });
    const seen = fc.array(fc.nat(6), { maxLength: 12 });
    fc.assert(
      fc.property(steps, seen, fc.constantFrom<PortOutState>('pending_tenant', 'authorized', 'rejected'), (taken, reads, begins) => {
        const views = taken.reduce<EmulatedPortOut[]>(
          (all, step) => [...all, emulatedStep(all.at(-1)!, step, NOW) ?? all.at(-1)!],
          [asked],
        );
        const after = (order: readonly EmulatedPortOut[]) => {
          let at = known(begins);
          for (const { status, version, focMs } of order) {
            const focAt = focMs === null ? null : new Date(focMs);
            const moves = movesOfCarrier(at, { status, version, focAt });
            at = { ...at, state: moves.at(-1)?.state ?? at.state, version: Math.max(at.version, version) };
          }
          return at.state;
        };
        const last = views.at(-1)!;
        const polled = after([last]);
        expect(after([...reads.flatMap((i) => views[i] ?? []), last, ...views])).toBe(polled);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('silence', () => {
  it('is a move from the deadline on, of a request that waits alone', () => {
    const waiting = { state: 'pending_tenant', until: NOW, completedAt: null } as const;
    expect(movesOfSilence(waiting, new Date(NOW.getTime() - 1))).toEqual([]);
    expect(movesOfSilence(waiting, NOW)).toEqual([{ state: 'authorized', by: 'silence' }]);
    expect(movesOfSilence({ ...waiting, state: 'rejected' }, NOW)).toEqual([]);
  });
});

describe('the mail', () => {
  const told = {
    numbers: ['+12125550100'],
    winningCarrier: 'W',
    decidedBy: 'silence',
    reason: 'PIN_INVALID',
    answerBy: '2026-11-27T10:00Z',
  };
  it('says until when to answer, and that silence is a yes', () => {
    expect(portOutMail({ ...told, state: 'pending_tenant' })?.body).toMatch(
      /by 2026-11-27T10:00Z they may leave: silence is a yes.*\+12125550100/s,
    );
  });
  it('warns of a request that was refused, and says nothing where there is nothing to do', () => {
    expect(portOutMail({ ...told, state: 'rejected' })?.body).toContain('PIN_INVALID');
    expect(portOutMail({ ...told, state: 'foc_scheduled' })).toBeUndefined();
  });
  it('says so when the carrier did not take what was decided', () => {
    const refusedByCarrier = 'The carrier did not take it: too late (10015)';
    const { subject, body } = portOutMail({ ...told, state: 'rejected', refusedByCarrier })!;
    expect([subject, body]).toEqual(['Your carrier did not take your answer', expect.stringContaining('too late (10015)')]);
  });
  it('names so many numbers and counts the others', () => {
    const numbers = Array.from({ length: 25 }, (_, i) => `+121255501${10 + i}`);
    expect(portOutMail({ ...told, state: 'completed', numbers })?.body).toContain('and 5 more');
  });
});
