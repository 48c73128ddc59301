import { id, integer, text } from './event-fields.ts';
import type { EventDefinitions } from './event-fields.ts';

const trunk = { trunkId: id('trunk') };
const revision = integer(2);
const channelGroup = { channelGroupId: id('channelGroup') };
const inboundGroup = { inboundGroupId: id('inboundGroup') };
const inboundSchedule = { inboundScheduleId: id('inboundSchedule') };

/** Of what every edge at work has. */
export const provisioningEvents = {
  'trunk.provisioned': { summary: 'Every edge at work has the trunk as it is, its credentials, too', data: { ...trunk, revision } },
  'number.provisioned': {
    summary: 'Every edge at work has the number as it is',
    data: { numberId: id('number'), e164: text('+442079460958'), revision },
  },
  'channel_pool.provisioned': {
    summary: 'Every edge at work has the pool as it is: so many channels carry calls',
    data: { channelPoolId: id('channelPool'), channels: integer(30), revision },
  },
  'channel_group.provisioned': { summary: 'Every edge at work has the channel group as it is', data: { ...channelGroup, revision } },
  'inbound_group.provisioned': { summary: 'Every edge at work has the group as it is', data: { ...inboundGroup, revision } },
  'inbound_schedule.provisioned': { summary: 'Every edge at work has the schedule as it is', data: { ...inboundSchedule, revision } },
  'disaster_plan.provisioned': { summary: 'Every edge at work has the disaster plan as it is', data: { ...inboundGroup, revision } },
} as const satisfies EventDefinitions;
