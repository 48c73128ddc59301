import { BEFORE_CANCEL, PORT_IN_EVENTS, PORT_IN_TRANSITIONS, TERMINAL_STATES } from './port-in-machine.ts';
import type { PortInCommand, PortInEvent, PortInEventKind, PortInState } from './port-in-machine.ts';

export type Step =
  | { readonly kind: 'moved'; readonly to: PortInState }
  | { readonly kind: 'refused'; readonly allowed: readonly PortInCommand[] }
  | { readonly kind: 'recorded' };

const KIND_OF = new Map<string, PortInEventKind>(
  (Object.keys(PORT_IN_EVENTS) as PortInEventKind[]).flatMap((kind) => PORT_IN_EVENTS[kind].map((event) => [event, kind] as const)),
);

export const kindOf = (event: PortInEvent): PortInEventKind => KIND_OF.get(event)!;

export const isTerminal = (state: PortInState): boolean => (TERMINAL_STATES as readonly string[]).includes(state);

/** The commands that an order takes as it stands. */
export const allowedCommands = (state: PortInState): readonly PortInCommand[] =>
  PORT_IN_EVENTS.command.filter((command) => PORT_IN_TRANSITIONS[state][command] !== undefined);

/** What an event does to an order: only a command can be refused. @param beforeCancel where the order was when it was asked to be cancelled */
export const step = (state: PortInState, event: PortInEvent, beforeCancel: PortInState | null): Step => {
  const to = PORT_IN_TRANSITIONS[state][event];
  if (to !== undefined) return { kind: 'moved', to: to === BEFORE_CANCEL ? (beforeCancel ?? state) : to };
  return kindOf(event) === 'command' ? { kind: 'refused', allowed: allowedCommands(state) } : { kind: 'recorded' };
};
