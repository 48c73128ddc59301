/**
 * The port-in order as data. A command that a state does not list is refused. What the carrier or the clock says is never refused, because
 * carriers do finish ports that were thought rejected, cancelled or expired: a fact that is not listed is kept, and the carrier is asked.
 */
export const PORT_IN_EVENTS = {
  command: [
    'activate_now',
    'approve',
    'cancel',
    'check',
    'confirm',
    'confirm_review',
    'fulfilled',
    'invalidated',
    'reschedule',
    'resubmit',
    'return_for_changes',
    'reverse',
  ],
  carrier: [
    'accepted',
    'all_active',
    'cancel_accepted',
    'cancel_too_late',
    'carrier_cancelled',
    'checked_all_bad',
    'checked_incomplete',
    'checked_ready',
    'checked_some_bad',
    'foc',
    'foc_changed',
    'foc_rejected',
    'number_active',
    'number_failed',
    'refused_for_good',
    'rejected',
    'remainder_cancelled',
    'reversal_refused',
    'reversed',
    'supplement_accepted',
  ],
  clock: ['foc_time', 'idle', 'stuck', 'submit_retry', 'window_timeout'],
} as const;

export type PortInEventKind = keyof typeof PORT_IN_EVENTS;
export type PortInCommand = (typeof PORT_IN_EVENTS)['command'][number];
export type CarrierFact = (typeof PORT_IN_EVENTS)['carrier'][number];
export type ClockFact = (typeof PORT_IN_EVENTS)['clock'][number];
export type PortInEvent = PortInCommand | CarrierFact | ClockFact;

/** Back to where the order was when its cancellation was asked for. */
export const BEFORE_CANCEL = '@before_cancel';

export const PORT_IN_STATES = [
  'draft',
  'validating',
  'incomplete',
  'ready',
  'in_review',
  'submitting',
  'submitted',
  'supplementing',
  'exception',
  'foc_confirmed',
  'activating',
  'partially_activated',
  'completed',
  'cancel_requested',
  'cancelled',
  'expired',
  'not_portable',
  'reversing',
  'reversed',
] as const;

export type PortInState = (typeof PORT_IN_STATES)[number];

type Moves = { readonly [E in PortInEvent]?: PortInState | typeof BEFORE_CANCEL };

export const PORT_IN_TRANSITIONS: { readonly [S in PortInState]: Moves } = {
  draft: { cancel: 'cancelled', check: 'validating', idle: 'expired' },
  validating: {
    cancel: 'cancelled',
    checked_all_bad: 'not_portable',
    checked_incomplete: 'incomplete',
    checked_ready: 'ready',
    checked_some_bad: 'draft',
  },
  incomplete: { cancel: 'cancelled', fulfilled: 'ready', idle: 'expired' },
  ready: { cancel: 'cancelled', confirm: 'submitting', confirm_review: 'in_review', idle: 'expired', invalidated: 'incomplete' },
  in_review: { approve: 'submitting', cancel: 'cancelled', return_for_changes: 'incomplete' },
  submitting: {
    accepted: 'submitted',
    all_active: 'completed',
    cancel: 'cancel_requested',
    carrier_cancelled: 'cancelled',
    foc: 'foc_confirmed',
    number_active: 'partially_activated',
    refused_for_good: 'exception',
    rejected: 'exception',
    submit_retry: 'submitting',
  },
  submitted: {
    all_active: 'completed',
    cancel: 'cancel_requested',
    carrier_cancelled: 'cancelled',
    foc: 'foc_confirmed',
    number_active: 'partially_activated',
    rejected: 'exception',
  },
  supplementing: {
    all_active: 'completed',
    cancel: 'cancel_requested',
    carrier_cancelled: 'cancelled',
    foc: 'foc_confirmed',
    number_active: 'partially_activated',
    rejected: 'exception',
    supplement_accepted: 'submitted',
  },
  exception: {
    all_active: 'completed',
    cancel: 'cancel_requested',
    carrier_cancelled: 'cancelled',
    foc: 'foc_confirmed',
    idle: 'expired',
    number_active: 'partially_activated',
    resubmit: 'supplementing',
  },
  foc_confirmed: {
    activate_now: 'activating',
    all_active: 'completed',
    cancel: 'cancel_requested',
    carrier_cancelled: 'cancelled',
    foc_changed: 'foc_confirmed',
    foc_rejected: 'exception',
    foc_time: 'activating',
    number_active: 'partially_activated',
    rejected: 'exception',
    reschedule: 'supplementing',
  },
  activating: {
    all_active: 'completed',
    carrier_cancelled: 'cancelled',
    foc_changed: 'foc_confirmed',
    number_active: 'partially_activated',
    number_failed: 'exception',
    window_timeout: 'exception',
  },
  partially_activated: {
    all_active: 'completed',
    carrier_cancelled: 'completed',
    number_active: 'partially_activated',
    number_failed: 'partially_activated',
    remainder_cancelled: 'completed',
    stuck: 'exception',
  },
  completed: { all_active: 'completed', number_active: 'completed', reverse: 'reversing' },
  cancel_requested: {
    all_active: 'completed',
    cancel_accepted: 'cancelled',
    cancel_too_late: BEFORE_CANCEL,
    carrier_cancelled: 'cancelled',
    foc: 'cancel_requested',
    number_active: 'partially_activated',
  },
  cancelled: { all_active: 'completed', number_active: 'partially_activated' },
  expired: { all_active: 'completed', number_active: 'partially_activated' },
  not_portable: {},
  reversing: { reversal_refused: 'completed', reversed: 'reversed' },
  reversed: {},
};

export const INITIAL_STATE = 'draft' satisfies PortInState;
export const TERMINAL_STATES = ['cancelled', 'completed', 'expired', 'not_portable', 'reversed'] as const satisfies readonly PortInState[];
