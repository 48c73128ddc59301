import { id, orNull, text, time } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const number = { numberId: id('number'), e164: text('+442079460958'), trunkId: orNull(id('trunk')) };
const released = { numberId: id('number'), e164: text('+442079460958') };
const portOrder = {
  portOrderId: id('portOrder'),
  portProjectId: id('portProject'),
  state: text('foc_confirmed'),
  focAt: orNull(time('2026-12-08T15:00:00.000Z')),
};
const portOut = {
  portOutId: id('portOut'),
  state: text('pending_tenant'),
  winningCarrier: text('Valley Telephone'),
  decidedBy: orNull(text('silence')),
  reason: orNull(text('PIN_INVALID')),
  answerBy: orNull(time('2026-12-08T13:00:00.000Z')),
  focAt: orNull(time('2026-12-09T15:00:00.000Z')),
};

/** Of numbers that come from other carriers, and leave for them. */
export const portingEvents = {
  'number.ported_in': { summary: 'A number came from another carrier', data: number },
  'number.ported_back': { summary: 'A number went back to the carrier it came from', data: released },
  'number.ported_out': { summary: 'A number left for another carrier', data: released },
  'number.won_back': { summary: 'A number that had left is back, and points at no trunk', data: number },
  'number.port_out_protected': { summary: 'What keeps a number from leaving was changed', data: released },
  'port_out_policy.changed': { summary: 'What requests of other carriers are answered by was changed', data: {} },
  'port_out.pending_tenant': { summary: 'Port-out: another carrier asks for numbers; silence until `answer_by` is a yes', data: portOut },
  'port_out.rejected': { summary: 'Port-out: a request for numbers was refused', data: portOut },
  'port_out.authorized': { summary: 'Port-out: numbers may leave', data: portOut },
  'port_out.refused_by_carrier': {
    summary: 'Port-out: the carrier did not take the answer, or the dispute; `reason` has its words',
    data: portOut,
  },
  'port_out.foc_scheduled': { summary: 'Port-out: the date on which numbers leave is firm, or another one is', data: portOut },
  'port_out.completed': { summary: 'Port-out: numbers have left', data: portOut },
  'port_out.cancelled': { summary: 'Port-out: the other carrier does not want the numbers any more', data: portOut },
  'port_out.disputed': { summary: 'Port-out: numbers that left are asked back', data: portOut },
  'port_out.reversing': { summary: 'Port-out: the carrier looks into the dispute', data: portOut },
  'port_out.restored': { summary: 'Port-out: numbers that had left are back', data: portOut },
  'port_out.upheld': { summary: 'Port-out: numbers that left stay where they are', data: portOut },
  'port_project.created': { summary: 'A port was drafted', data: { portProjectId: id('portProject') } },
  'port_project.submitted': { summary: 'All orders of a port were submitted', data: { portProjectId: id('portProject') } },
  'port_order.draft': { summary: 'Port order: numbers of it cannot be ported: it is a draft again', data: portOrder },
  'port_order.validating': { summary: 'Port order: the carrier is asked whether its numbers can be ported', data: portOrder },
  'port_order.incomplete': { summary: 'Port order: something is missing before it can be submitted', data: portOrder },
  'port_order.ready': { summary: 'Port order: it can be submitted', data: portOrder },
  'port_order.in_review': { summary: 'Port order: the operator looks at it first', data: portOrder },
  'port_order.submitting': { summary: 'Port order: it is on its way to the carrier', data: portOrder },
  'port_order.submitted': { summary: 'Port order: the carrier has it', data: portOrder },
  'port_order.supplementing': { summary: 'Port order: what was corrected is on its way to the carrier', data: portOrder },
  'port_order.exception': { summary: 'Port order: the carrier refused it, or did not do what it said', data: portOrder },
  'port_order.foc_confirmed': { summary: 'Port order: the date is firm, or another one is', data: portOrder },
  'port_order.activating': { summary: 'Port order: its numbers are on their way', data: portOrder },
  'port_order.partially_activated': { summary: 'Port order: some of its numbers are here', data: portOrder },
  'port_order.completed': { summary: 'Port order: its numbers are here', data: portOrder },
  'port_order.cancel_requested': { summary: 'Port order: the carrier is asked to cancel it', data: portOrder },
  'port_order.cancelled': { summary: 'Port order: it was cancelled', data: portOrder },
  'port_order.expired': { summary: 'Port order: nobody did anything about it for too long', data: portOrder },
  'port_order.not_portable': { summary: 'Port order: none of its numbers can be ported', data: portOrder },
  'port_order.reversing': { summary: 'Port order: the carrier is asked to take its numbers back', data: portOrder },
  'port_order.reversed': { summary: 'Port order: its numbers went back', data: portOrder },
  'port_order.reminded': { summary: 'Port order: it still waits for the tenant', data: portOrder },
  'port_document.added': {
    summary: 'A document of a port order is there, or its letter of authority is signed',
    data: { portDocumentId: id('portDocument'), portOrderId: id('portOrder'), kind: text('bill') },
  },
  'port_note.added': {
    summary: 'Somebody said something about a port: the tenant, the operator or the carrier',
    data: {
      portNoteId: id('portNote'),
      portOrderId: orNull(id('portOrder')),
      portOutId: orNull(id('portOut')),
      side: text('carrier'),
    },
  },
  'port_order.escalated': {
    summary: 'Port order: the other side takes longer than it may, or says what nobody understands',
    data: portOrder,
  },
  'port_order.left_undone': {
    summary: 'Port order: a number came without its emergency address or name; see the history',
    data: portOrder,
  },
  'port_order.record_told': {
    summary: 'Port order: the losing carrier told what it has on record of the account',
    data: portOrder,
  },
  'port_order.messaging_changed': {
    summary: 'Port order: messages follow the calls, or do not; see `messaging` of the order',
    data: portOrder,
  },
} as const satisfies EventDefinitions;
