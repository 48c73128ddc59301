import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unsoundness } from '@trunkline/kernel';
import { BEFORE_CANCEL, INITIAL_STATE, PORT_IN_EVENTS, PORT_IN_STATES, PORT_IN_TRANSITIONS, TERMINAL_STATES } from './port-in-machine.ts';
import type { PortInEvent, PortInState } from './port-in-machine.ts';
import { TENANT_COMMANDS, allowedCommands, kindOf, listedCommands, step } from './step-port-in.ts';

const EVENTS: readonly PortInEvent[] = Object.values(PORT_IN_EVENTS).flat();
const PAIRS = PORT_IN_STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const));

const MACHINE = JSON.parse(readFileSync(join(import.meta.dirname, 'golden', 'port-in-machine.json'), 'utf8')) as {
  readonly transitions: readonly { readonly from: PortInState; readonly event: PortInEvent; readonly to: string }[];
  readonly events: Readonly<Record<string, string>>;
};

describe('the machine', () => {
  it('is the one that is written down', () => {
    const moves = PAIRS.flatMap(([from, event]) => {
      const to = PORT_IN_TRANSITIONS[from][event];
      return to === undefined ? [] : [`${from} ${event} ${to}`];
    });
    expect(moves.sort()).toEqual(MACHINE.transitions.map(({ from, event, to }) => `${from} ${event} ${to}`).sort());
    expect(Object.fromEntries(EVENTS.map((event) => [event, kindOf(event)]))).toEqual(MACHINE.events);
  });

  it('has 19 states, 37 events of three kinds, 85 transitions', () => {
    const listed = PAIRS.filter(([state, event]) => PORT_IN_TRANSITIONS[state][event] !== undefined);
    expect([PORT_IN_STATES.length, EVENTS.length, new Set(EVENTS).size, listed.length]).toEqual([19, 37, 37, 85]);
  });

  it('is sound: every state is reached from the draft, and can still end', () => {
    const before = PORT_IN_STATES.filter((s) => PORT_IN_TRANSITIONS[s].cancel === 'cancel_requested');
    const targets = (state: PortInState): PortInState[] =>
      Object.values(PORT_IN_TRANSITIONS[state]).flatMap((to) => (to === BEFORE_CANCEL ? before : [to]));
    const graph = Object.fromEntries(PORT_IN_STATES.map((s) => [s, targets(s)])) as Record<PortInState, PortInState[]>;
    const ended = Object.fromEntries(PORT_IN_STATES.map((s) => [s, (TERMINAL_STATES as readonly string[]).includes(s) ? [] : graph[s]]));
    expect(unsoundness(graph, INITIAL_STATE).filter((fault) => fault.includes('cannot be reached'))).toEqual([]);
    expect(unsoundness(ended as typeof graph, INITIAL_STATE).filter((fault) => fault.includes('never ends'))).toEqual([]);
  });
});

describe('every state with every event', () => {
  it.each(PAIRS.filter(([state, event]) => PORT_IN_TRANSITIONS[state][event] !== undefined))('%s moves on %s', (state, event) => {
    const to = PORT_IN_TRANSITIONS[state][event];
    expect(step(state, event, 'submitted')).toEqual({ kind: 'moved', to: to === BEFORE_CANCEL ? 'submitted' : to });
  });

  it('refuses every other command, with the list of what is allowed', () => {
    const others = PAIRS.filter(([state, event]) => kindOf(event) === 'command' && PORT_IN_TRANSITIONS[state][event] === undefined);
    expect(others).toHaveLength(19 * 12 - PORT_IN_STATES.flatMap(listedCommands).length);
    for (const [state, event] of others) expect(step(state, event, null)).toEqual({ kind: 'refused', allowed: listedCommands(state) });
    expect(listedCommands('in_review')).toEqual(['approve', 'cancel', 'return_for_changes']);
    expect(listedCommands('cancelled')).toEqual([]);
  });

  it('keeps every other fact of the carrier or the clock, and moves nothing', () => {
    const others = PAIRS.filter(([state, event]) => kindOf(event) !== 'command' && PORT_IN_TRANSITIONS[state][event] === undefined);
    expect(others.length).toBeGreaterThan(300);
    for (const [state, event] of others) expect(step(state, event, null)).toEqual({ kind: 'recorded' });
  });
});

describe('what a tenant may ask', () => {
  it('is what it has an operation for: no review, and nothing that follows by itself', () => {
    expect(allowedCommands('ready')).toEqual(['submit', 'cancel']);
    expect(allowedCommands('incomplete')).toEqual(['cancel']); // it is ready as soon as nothing is missing
    expect(allowedCommands('in_review')).toEqual(['cancel']);
    expect(allowedCommands('foc_confirmed')).toEqual(['reschedule', 'activate', 'cancel']);
    expect(new Set(PORT_IN_STATES.flatMap(allowedCommands))).toEqual(new Set(TENANT_COMMANDS));
  });
});
