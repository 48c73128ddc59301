import { id, integer, orNull, text } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const revision = integer(2);
const number = { numberId: id('number'), e164: text('+442079460958'), trunkId: orNull(id('trunk')) };
const inboundGroup = { inboundGroupId: id('inboundGroup') };
const inboundSchedule = { inboundScheduleId: id('inboundSchedule') };

/** Of what takes inbound calls. */
export const inboundRoutingEvents = {
  'number.rerouted': { summary: 'Another group or schedule takes the calls of a number, or none', data: { ...number, revision } },
  'inbound_group.created': { summary: 'An inbound group was created', data: inboundGroup },
  'inbound_group.updated': { summary: 'An inbound group was changed', data: { ...inboundGroup, revision } },
  'inbound_group.deleted': { summary: 'An inbound group was deleted', data: inboundGroup },
  'inbound_schedule.created': { summary: 'An inbound schedule was created', data: inboundSchedule },
  'inbound_schedule.updated': { summary: 'An inbound schedule was changed', data: { ...inboundSchedule, revision } },
  'inbound_schedule.deleted': { summary: 'An inbound schedule was deleted', data: inboundSchedule },
  'disaster_plan.updated': { summary: 'The disaster plan names another group', data: { ...inboundGroup, revision } },
  'disaster_plan.activated': { summary: 'All inbound calls go where the disaster plan says', data: { ...inboundGroup, revision } },
  'disaster_plan.deactivated': {
    summary: 'Inbound calls go where they went before the disaster plan',
    data: { ...inboundGroup, revision },
  },
} as const satisfies EventDefinitions;
