import { toPublicId } from '@trunkline/kernel';
import { e164In, idIn, idOut, sipUriIn, text, timestampOut } from '@trunkline/platform';
import { provisioningOut, provisioningToWire } from '@trunkline/trunks/server';
import type { Provisioning } from '@trunkline/trunks/server';
import { z } from 'zod';
import type { InboundGroup, InboundGroupSettings } from '../core/inbound-group.ts';
import { WEEKDAYS } from '../core/inbound-schedule.ts';
import type { InboundSchedule, ScheduleSettings } from '../core/inbound-schedule.ts';
import { isTimeZone } from '../core/zone-offsets.ts';
import type { DisasterPlan } from './disaster-plan-queries.ts';
import type { NumberRouting, RoutingSettings } from './number-routing-queries.ts';

const target = z
  .strictObject({
    uri: sipUriIn().optional().describe('A SIP URI'),
    trunk_id: idIn('trunk').optional().describe('The contact that this trunk’s PBX registered'),
    number: e164In().optional().describe('A telephone number, called by the rules of the trunk whose number was called, and paid for like any call'),
    priority: z.int().min(0).max(65_535).default(10).describe('Lowest first'),
    weight: z.int().min(1).max(100).default(1).describe('Share of the calls among targets of equal priority'),
    ring_secs: z.int().min(1).max(120).default(25).describe('How long it may ring before the next is tried'),
  })
  .refine((t) => [t.uri, t.trunk_id, t.number].filter((x) => x !== undefined).length === 1, 'must name one of uri, trunk_id and number'); // prettier-ignore
const groupFields = {
  name: text(80).describe('Unique in the tenant').meta({ example: 'Support' }),
  strategy: z.enum(['in_order', 'ring_all']).describe('One after another by priority and weight, or all at once'),
  targets: z.array(target).min(1).max(10).describe('At most three telephone numbers, and one where all ring at once'),
};
export const newInboundGroup = z
  .strictObject({ ...groupFields, strategy: groupFields.strategy.default('in_order') })
  .meta({ id: 'NewInboundGroup' });
export const inboundGroupChange = z.strictObject(groupFields).partial().meta({ id: 'InboundGroupChange' });
type GroupChange = z.infer<typeof inboundGroupChange>;

export const inboundGroupOut = z
  .strictObject({
    id: idOut('inboundGroup'),
    object: z.literal('inbound_group'),
    name: z.string(),
    strategy: z.enum(['in_order', 'ring_all']),
    targets: z.array(
      z.strictObject({
        uri: z.string().nullable(),
        trunk_id: idOut('trunk').nullable(),
        number: z.string().nullable(),
        priority: z.int(),
        weight: z.int(),
        ring_secs: z.int(),
      }),
    ),
    revision: z.int(),
    provisioning: provisioningOut,
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'InboundGroup' });

/** A change names only what it changes. */
export const groupSettings = ({ name, strategy, targets }: GroupChange): Partial<InboundGroupSettings> => ({
  ...(name !== undefined && { name }),
  ...(strategy !== undefined && { strategy }),
  ...(targets && {
    targets: targets.map((t) => ({
      ...{ uri: t.uri ?? null, trunkId: t.trunk_id ?? null, number: t.number ?? null },
      ...{ priority: t.priority, weight: t.weight, ringSecs: t.ring_secs },
    })),
  }),
});

export const inboundGroupToWire = (g: InboundGroup, provisioning: Provisioning | undefined): z.infer<typeof inboundGroupOut> => ({
  id: toPublicId('inboundGroup', g.id),
  object: 'inbound_group',
  name: g.name,
  strategy: g.strategy,
  targets: g.targets.map((t) => ({
    ...{ uri: t.uri, trunk_id: t.trunkId && toPublicId('trunk', t.trunkId), number: t.number },
    ...{ priority: t.priority, weight: t.weight, ring_secs: t.ringSecs },
  })),
  revision: g.revision,
  provisioning: provisioningToWire(g.revision, provisioning),
  created_at: g.createdAt.toISOString(),
  updated_at: g.updatedAt.toISOString(),
});

const time = () =>
  z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as 09:30')
    .meta({ example: '09:00' });
const endTime = () =>
  z
    .string()
    .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of the day such as 17:30, or 24:00')
    .meta({ example: '17:30' });
const groupId = () => idIn('inboundGroup').nullable().describe('Takes the calls; null: as if there were no schedule');
const rule = z.strictObject({
  weekdays: z.array(z.enum(WEEKDAYS)).min(1).max(7),
  from: time().describe('In the zone’s own time'),
  to: endTime().describe('Before `from`: on the next day'),
  inbound_group_id: groupId(),
});
const holiday = z
  .strictObject({
    date: z.iso.date().meta({ example: '2026-12-25' }),
    from: time().default('00:00'),
    to: endTime().default('24:00'),
    inbound_group_id: groupId(),
  })
  .refine((h) => h.from < h.to, 'must begin before it ends');
const scheduleFields = {
  name: text(80).describe('Unique in the tenant').meta({ example: 'Office hours' }),
  time_zone: z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').meta({ example: 'Europe/Berlin' }),
  rules: z.array(rule).max(50).describe('The first that covers the moment decides, unless a holiday does'),
  holidays: z.array(holiday).max(200),
  otherwise_group_id: groupId(),
};
export const newInboundSchedule = z
  .strictObject({
    ...scheduleFields,
    rules: scheduleFields.rules.default([]),
    holidays: scheduleFields.holidays.default([]),
    otherwise_group_id: scheduleFields.otherwise_group_id.default(null),
  })
  .meta({ id: 'NewInboundSchedule' });
export const inboundScheduleChange = z.strictObject(scheduleFields).partial().meta({ id: 'InboundScheduleChange' });
type ScheduleChange = z.infer<typeof inboundScheduleChange>;

const groupIdOut = () => idOut('inboundGroup').nullable();
export const inboundScheduleOut = z
  .strictObject({
    id: idOut('inboundSchedule'),
    object: z.literal('inbound_schedule'),
    name: z.string(),
    time_zone: z.string(),
    rules: z.array(
      z.strictObject({ weekdays: z.array(z.enum(WEEKDAYS)), from: z.string(), to: z.string(), inbound_group_id: groupIdOut() }),
    ),
    holidays: z.array(z.strictObject({ date: z.string(), from: z.string(), to: z.string(), inbound_group_id: groupIdOut() })),
    otherwise_group_id: groupIdOut(),
    revision: z.int(),
    provisioning: provisioningOut,
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'InboundSchedule' });

/** A change names only what it changes. */
export const scheduleSettings = (body: ScheduleChange): Partial<ScheduleSettings> => {
  const { name, time_zone: timeZone, rules, holidays, otherwise_group_id: otherwiseGroupId } = body;
  return {
    ...(name !== undefined && { name }),
    ...(timeZone !== undefined && { timeZone }),
    ...(rules && { rules: rules.map(({ inbound_group_id: id, ...r }) => ({ ...r, groupId: id })) }),
    ...(holidays && { holidays: holidays.map(({ inbound_group_id: id, ...h }) => ({ ...h, groupId: id })) }),
    ...(otherwiseGroupId !== undefined && { otherwiseGroupId }),
  };
};

const publicGroup = (id: string | null): string | null => id && toPublicId('inboundGroup', id);

export const inboundScheduleToWire = (s: InboundSchedule, provisioning: Provisioning | undefined): z.infer<typeof inboundScheduleOut> => ({
  id: toPublicId('inboundSchedule', s.id),
  object: 'inbound_schedule',
  name: s.name,
  time_zone: s.timeZone,
  rules: s.rules.map(({ weekdays, from, to, groupId: id }) => ({ weekdays: [...weekdays], from, to, inbound_group_id: publicGroup(id) })),
  holidays: s.holidays.map(({ date, from, to, groupId: id }) => ({ date, from, to, inbound_group_id: publicGroup(id) })),
  otherwise_group_id: publicGroup(s.otherwiseGroupId),
  revision: s.revision,
  provisioning: provisioningToWire(s.revision, provisioning),
  created_at: s.createdAt.toISOString(),
  updated_at: s.updatedAt.toISOString(),
});

export const numberRoutingIn = z
  .strictObject({
    inbound_group_id: idIn('inboundGroup').nullable().describe('Takes its calls; null: its trunk’s routes do'),
    inbound_schedule_id: idIn('inboundSchedule').nullable().describe('Names a group by the time of day, before the one above'),
    disaster_group_id: idIn('inboundGroup').nullable().describe('While the disaster plan is active, instead of the plan’s group'),
  })
  .meta({ id: 'NumberRoutingSettings' });
export const numberRoutingOut = z
  .strictObject({
    id: idOut('numberRouting'),
    object: z.literal('number_routing'),
    number_id: idOut('number'),
    number: z.string(),
    inbound_group_id: groupIdOut(),
    inbound_schedule_id: idOut('inboundSchedule').nullable(),
    disaster_group_id: groupIdOut(),
    revision: z.int().describe('Of the number, whose provisioning tells when the edges have it'),
  })
  .meta({ id: 'NumberRouting' });

export const routingSettings = (body: z.infer<typeof numberRoutingIn>): RoutingSettings => ({
  groupId: body.inbound_group_id,
  scheduleId: body.inbound_schedule_id,
  disasterGroupId: body.disaster_group_id,
});

export const numberRoutingToWire = (r: NumberRouting): z.infer<typeof numberRoutingOut> => ({
  id: toPublicId('numberRouting', r.id), // a number has one
  object: 'number_routing',
  number_id: toPublicId('number', r.id),
  number: r.e164,
  inbound_group_id: publicGroup(r.groupId),
  inbound_schedule_id: r.scheduleId && toPublicId('inboundSchedule', r.scheduleId),
  disaster_group_id: publicGroup(r.disasterGroupId),
  revision: r.revision,
});

export const disasterPlanIn = z.strictObject({ inbound_group_id: idIn('inboundGroup') }).meta({ id: 'DisasterPlanSettings' });
export const disasterPlanOut = z
  .strictObject({
    id: idOut('disasterPlan'),
    object: z.literal('disaster_plan'),
    inbound_group_id: groupIdOut().describe('null: no plan was made'),
    active: z.boolean(),
    activated_at: timestampOut().nullable(),
    revision: z.int(),
    provisioning: provisioningOut,
    updated_at: timestampOut().nullable(),
  })
  .meta({ id: 'DisasterPlan' });

export const disasterPlanToWire = (
  tenantId: string,
  p: DisasterPlan,
  provisioning: Provisioning | undefined,
): z.infer<typeof disasterPlanOut> => ({
  id: toPublicId('disasterPlan', tenantId), // a tenant has one
  object: 'disaster_plan',
  inbound_group_id: publicGroup(p.groupId),
  active: p.active,
  activated_at: p.activatedAt?.toISOString() ?? null,
  revision: p.revision,
  provisioning: provisioningToWire(p.revision, provisioning),
  updated_at: p.updatedAt?.toISOString() ?? null,
});
