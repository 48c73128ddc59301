import { unsoundness } from '@trunkline/kernel';
import fc from 'fast-check';
import { INVENTORY_STATES, INVENTORY_TRANSITIONS, NUMBER_EVENTS, STRIDES, step, walk } from './lifecycle.ts';
import type { NumberEvent, NumberState } from './lifecycle.ts';

/** The machine once more, written out as a table: a row for each state, and in it every event that can happen there. */
const MATRIX: Record<NumberState, Partial<Record<NumberEvent, NumberState>>> = {
  none: { import: 'available', port_in: 'port_pending' },
  available: { reserve: 'reserved' },
  reserved: { lapse: 'available', order: 'ordered' },
  ordered: { ask: 'requirement_pending', accept: 'assigned', refuse: 'available', withdraw: 'unavailable' },
  requirement_pending: { satisfy: 'ordered' },
  unavailable: {},
  assigned: { suspend: 'suspended', transfer: 'assigned', release: 'quarantined', authorise_port_out: 'porting_out' },
  suspended: { reinstate: 'assigned' },
  quarantined: { restore: 'assigned', age: 'available', return: 'released' },
  released: { regain: 'assigned' },
  port_pending: { activate: 'assigned', abandon: 'none' },
  porting_out: { port_out: 'ported_out', keep: 'assigned' },
  ported_out: { win_back: 'assigned' },
};
const STATES = ['none', ...INVENTORY_STATES] as const;

const leadsTo = (event: NumberEvent, to: NumberState) => STATES.some((state) => MATRIX[state][event] === to && state !== to);

describe('the lifecycle of a number', () => {
  it.each(STATES)('from %s does what the table says and nothing else', (state) =>
    expect(Object.fromEntries(NUMBER_EVENTS.flatMap((event) => (step(state, event) ? [[event, step(state, event)]] : [])))).toEqual(
      MATRIX[state],
    ),
  );
  it('is sound: every state is reached, and ends or leads back', () => expect(unsoundness(INVENTORY_TRANSITIONS, 'none')).toEqual([]));
  it('takes a number from a tenant by what is meant to, and gives it to another by order, transfer or port alone', () => {
    const into = NUMBER_EVENTS.filter((event) => step('assigned', event) === undefined && leadsTo(event, 'assigned'));
    expect(into.sort()).toEqual(['accept', 'activate', 'keep', 'regain', 'reinstate', 'restore', 'win_back']);
    expect(INVENTORY_TRANSITIONS.assigned).not.toContain('available');
  });
  it('strides only along its steps', () => {
    for (const events of STRIDES) expect([events, STATES.some((state) => walk(state, events) !== undefined)]).toEqual([events, true]);
  });
  it('knows every state that any walk comes to', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NUMBER_EVENTS), { maxLength: 30 }), (events) =>
        STATES.includes(events.reduce<NumberState>((at, event) => step(at, event) ?? at, 'none')),
      ),
    ));
});
