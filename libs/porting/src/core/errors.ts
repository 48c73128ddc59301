import { defineErrors } from '@trunkline/kernel';

export const portingErrors = defineErrors({
  commandRefused: { code: 'port_order.command_refused', kind: 'conflict', title: 'The order does not take this as it stands' },
  numberUnavailable: { code: 'port_order.number_unavailable', kind: 'conflict', title: 'A number is here already, or is being ported' },
  incomplete: { code: 'port_order.incomplete', kind: 'conflict', title: 'The order is not complete' },
  tooLate: { code: 'port_order.too_late', kind: 'conflict', title: 'The firm date is too close' },
  nothingFixed: { code: 'port_order.nothing_fixed', kind: 'conflict', title: 'Nothing that the carrier refused was changed' },
  needsNewOrder: { code: 'port_order.needs_new_order', kind: 'conflict', title: 'The carrier wants another order for these numbers' },
  notOnDemand: { code: 'port_order.not_on_demand', kind: 'conflict', title: 'These numbers cannot be activated on demand' },
  ownReview: { code: 'port_order.own_review', kind: 'forbidden', title: 'Whoever created an order does not review it' },
  notRehearsable: { code: 'port_order.not_rehearsable', kind: 'conflict', title: 'No emulated carrier has the order' },
  holidayExists: { code: 'carrier_holiday.exists', kind: 'conflict', title: 'What those carriers do on that day is said already' },
  listChanged: { code: 'port_order.list_changed', kind: 'conflict', title: 'The list of numbers is another than the one that was shown' },
  tooManyDocuments: { code: 'port_order.too_many_documents', kind: 'conflict', title: 'The order has as many documents as it may' },
  tooManyNotes: { code: 'port_note.too_many', kind: 'conflict', title: 'As many notes are there as there may be' },
  badSignature: { code: 'porting.bad_signature', kind: 'invalid', title: 'The signature does not fit the message' },
});
