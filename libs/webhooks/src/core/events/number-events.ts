import { id, integer, orNull, text, time } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const revision = integer(2);
const number = { numberId: id('number'), e164: text('+442079460958'), trunkId: orNull(id('trunk')) };
const released = { numberId: id('number'), e164: text('+442079460958') };
const numberOrder = { numberOrderId: id('numberOrder') };

/** Of numbers and orders of numbers. */
export const numberEvents = {
  'number.ordered': { summary: 'A number was ordered', data: number },
  'number.assigned': { summary: 'A number points at a trunk, or at another one', data: { ...number, revision } },
  'number.unassigned': { summary: 'A number points at no trunk any more', data: { ...number, revision } },
  'number.updated': { summary: 'A number was changed', data: { ...number, revision } },
  'number.released': { summary: 'A number was given back', data: { ...released, quarantinedUntil: time('2027-01-10T10:00:00.000Z') } },
  'number.restored': { summary: 'A number that was released is the tenant’s again', data: { ...released, revision } },
  'number.suspended': { summary: 'A number was taken out of service by the operator', data: { ...released, revision } },
  'number.reinstated': { summary: 'A number was put back into service', data: { ...released, revision } },
  'number.transferred_out': { summary: 'A number went to another tenant', data: released },
  'number.transferred_in': { summary: 'A number came from another tenant', data: released },
  'number_job.completed': {
    summary: 'A change of many numbers is done',
    data: { numberJobId: id('numberJob'), succeeded: integer(9_998), failed: integer(2) },
  },
  'number_order.created': { summary: 'Numbers were ordered', data: { ...numberOrder, quantity: integer(10) } },
  'number_order.number_failed': {
    summary: 'A number of an order could not be had',
    data: { ...numberOrder, e164: orNull(text('+442079460958')), code: text('number.not_available') },
  },
  'number_order.number_waiting': {
    summary: 'A number of an order waits for papers',
    data: { ...numberOrder, e164: text('+442079460958'), code: text('regulatory.bundle_missing') },
  },
  'number_order.updated': { summary: 'An order has other papers', data: { ...numberOrder, regulatoryBundleId: id('regulatoryBundle') } },
  'number_order.completed': {
    summary: 'The last number of an order has succeeded or failed',
    data: { ...numberOrder, state: text('partially_succeeded'), succeeded: integer(9), failed: integer(1) },
  },
  'number_order.cancelled': { summary: 'What was not asked for yet of an order was given up', data: numberOrder },
} as const satisfies EventDefinitions;
