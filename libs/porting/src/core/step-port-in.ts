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

/** The commands that the machine lists for a state, whoever gives them. */
export const listedCommands = (state: PortInState): readonly PortInCommand[] =>
  PORT_IN_EVENTS.command.filter((command) => PORT_IN_TRANSITIONS[state][command] !== undefined);

/**
 * What a tenant says for a command, as the operation for it is called. Whether what is submitted is looked at first is ours to decide, so two are one
 * to it. Without a word are the reviewer's, and those that follow by themselves from what an order tells: `fulfilled` and `invalidated`.
 */
const SAID_AS = {
  check: 'check',
  confirm: 'submit',
  confirm_review: 'submit',
  resubmit: 'resubmit',
  reschedule: 'reschedule',
  activate_now: 'activate',
  cancel: 'cancel',
  reverse: 'reverse',
} as const satisfies { readonly [C in PortInCommand]?: string };
export const TENANT_COMMANDS = ['check', 'submit', 'resubmit', 'reschedule', 'activate', 'cancel', 'reverse'] as const;
export type TenantCommand = (typeof TENANT_COMMANDS)[number];

/** What a tenant may ask of an order as it stands. */
export const allowedCommands = (state: PortInState): readonly TenantCommand[] => {
  const said = new Set(listedCommands(state).map((command) => (SAID_AS as { readonly [C in PortInCommand]?: TenantCommand })[command]));
  return TENANT_COMMANDS.filter((command) => said.has(command));
};

/** What an event does to an order: only a command can be refused. @param beforeCancel where the order was when it was asked to be cancelled */
export const step = (state: PortInState, event: PortInEvent, beforeCancel: PortInState | null): Step => {
  const to = PORT_IN_TRANSITIONS[state][event];
  if (to !== undefined) return { kind: 'moved', to: to === BEFORE_CANCEL ? (beforeCancel ?? state) : to };
  return kindOf(event) === 'command' ? { kind: 'refused', allowed: listedCommands(state) } : { kind: 'recorded' };
};
