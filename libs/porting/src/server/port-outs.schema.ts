import { toPublicId } from '@trunkline/kernel';
import { PORT_OUT_STEPS } from '@trunkline/carriers';
import { country, e164In, idIn, idOut, pageQuery, text, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import { DISPUTE_MS } from '../core/answer-port-out.ts';
import { PORT_OUT_REASONS } from '../core/decide-port-out.ts';
import { DISPUTE_ENDS } from '../core/port-out-facts.ts';
import { PORT_OUT_STATES } from '../core/port-out-machine.ts';
import type { CarrierHoliday } from './carrier-holidays.ts';
import type { PortOutView } from './port-out-queries.ts';
import type { KeptAnswer, PortOutEventRow } from './port-outs.sql.ts';
import type { PortOutPolicy, PortOutProtection } from './protect-numbers.ts';

const REHEARSED_MAX = 100;
const pin = z
  .string()
  .regex(/^[0-9A-Za-z]{4,10}$/, 'must be 4 to 10 digits or letters')
  .meta({ example: '4711' });

export const portOutQuery = z.strictObject({ ...pageQuery, state: z.enum(PORT_OUT_STATES).optional() });
export const portOutRejection = z
  .strictObject({
    reason: text(40)
      .describe(`One of ${PORT_OUT_REASONS.join(', ')}; a debt or a running contract is none`)
      .meta({ example: 'NAME_MISMATCH' }),
    evidence: text(1_000).describe('What the account has, and what the request says').meta({ example: 'The account is of Ann Miller' }),
  })
  .meta({ id: 'PortOutRejection' });
export const portOutDispute = z.strictObject({ reason: text(1_000) }).meta({ id: 'PortOutDispute' });
export const portOutPolicyChange = z
  .strictObject({
    pin: pin.nullable().optional().describe('Of all numbers without one of their own; never shown again'),
    locked: z.boolean().optional().describe('No number leaves, but those that are unlocked themselves'),
    account_number: text(40).nullable().optional().describe('Requests that name another one are refused'),
    postal_code: text(16).nullable().optional().describe('Requests that name another one are refused'),
  })
  .meta({ id: 'PortOutPolicyChange' });
export const portOutProtectionChange = z
  .strictObject({
    pin: pin.nullable().optional().describe('Of this number; null: that of the policy'),
    locked: z.boolean().nullable().optional().describe('null: as the policy has it'),
  })
  .meta({ id: 'PortOutProtectionChange' });
export const newPortOutRehearsal = z
  .strictObject({
    numbers: z.array(e164In()).min(1).max(REHEARSED_MAX),
    on_the_line: z.boolean().default(false).describe('The carrier waits for the answer'),
    hours_to_answer: z.int().min(1).max(72).default(24),
    pin: text(40).nullable().default(null),
    account_number: text(40).nullable().default(null),
    postal_code: text(16).nullable().default(null),
    subscriber_name: text(120).nullable().default(null),
    winning_carrier: text(120).default('Emulated Winner'),
  })
  .meta({ id: 'NewPortOutRehearsal' });
export const portOutSettlement = z
  .strictObject({
    outcome: z.enum(DISPUTE_ENDS).describe('restored: the numbers came back, and are the tenant’s again; upheld: they stay where they are'),
    reason: text(1_000).describe('How it is known').meta({ example: 'Telnyx support, by mail of 27 November' }),
  })
  .meta({ id: 'PortOutSettlement' });
export const portOutStep = z.strictObject({ step: z.enum(PORT_OUT_STEPS) }).meta({ id: 'PortOutStep' });
export const carrierHolidayQuery = z.strictObject({ ...pageQuery, country: country().optional() });
export const newCarrierHoliday = z
  .strictObject({
    country: country(),
    losing_carrier_id: text(40).nullable().default(null).describe('Null: all carriers of the country'),
    date: z.iso.date().meta({ example: '2026-11-27' }),
    closed: z.boolean().default(true).describe('false: worked, though others do not'),
    name: text(120).meta({ example: 'Day after Thanksgiving' }),
  })
  .meta({ id: 'NewCarrierHoliday' });

const state = z.enum(PORT_OUT_STATES).meta({ id: 'PortOutState' });
export const portOutOut = z
  .strictObject({
    id: idOut('portOut'),
    object: z.literal('port_out'),
    state,
    state_since: timestampOut(),
    numbers: z.array(z.string()),
    winning_carrier: z.string(),
    purchase_order: z.string().nullable(),
    subscriber_name: z.string().nullable().describe('As the winning carrier has it'),
    on_the_line: z.boolean().describe('The carrier waited for the answer, and got it from what was stored'),
    received_at: timestampOut(),
    answer_by: timestampOut().nullable().describe('From then on silence has authorized; null: you are not asked'),
    carrier_deadline_at: timestampOut(),
    decided_by: z.string().nullable().describe('policy, tenant, silence or carrier'),
    reason: z.string().nullable().describe('Why it was rejected'),
    evidence: z.string().nullable(),
    foc_at: timestampOut().nullable().describe('When the numbers leave'),
    completed_at: timestampOut().nullable(),
    disputable_until: timestampOut().nullable(),
    revision: z.int(),
    created_at: timestampOut(),
    updated_at: timestampOut(),
  })
  .meta({ id: 'PortOut' });
export const portOutEventOut = z
  .strictObject({
    sequence: z.int(),
    state,
    by: z.string().describe('policy, tenant, silence, carrier or operator'),
    reason: z.string().nullable().describe('Why, or what was said'),
    foc_at: timestampOut().nullable(),
    at: timestampOut(),
  })
  .meta({ id: 'PortOutEvent' });
export const portOutHistoryOut = z.strictObject({ data: z.array(portOutEventOut) }).meta({ id: 'PortOutHistory' });
export const portOutPolicyOut = z
  .strictObject({
    object: z.literal('port_out_policy'),
    has_pin: z.boolean(),
    locked: z.boolean(),
    account_number: z.string().nullable(),
    postal_code: z.string().nullable(),
    pin_blocked_until: timestampOut()
      .nullable()
      .describe('Too many wrong PINs: even the right one is refused until then, or until it is changed'),
  })
  .meta({ id: 'PortOutPolicy' });
export const portOutProtectionOut = z
  .strictObject({
    object: z.literal('port_out_protection'),
    number_id: idOut('number'),
    has_pin: z.boolean().describe('Of its own'),
    locked: z.boolean().nullable().describe('null: as the policy has it'),
    pin_blocked_until: timestampOut().nullable(),
  })
  .meta({ id: 'PortOutProtection' });
export const portOutAnswerOut = z
  .strictObject({
    received: z.literal(true),
    answer: z.enum(['authorized', 'rejected', 'pending']).nullable().describe('For a carrier that waits on the line'),
    reason: z.string().nullable(),
    numbers: z.array(z.string()).describe('What the reason is about; empty: all'),
  })
  .meta({ id: 'PortOutAnswer' });
export const portOutRehearsalOut = z
  .strictObject({ carrier_reference: z.string(), answer: portOutAnswerOut })
  .meta({ id: 'PortOutRehearsal' });
export const carrierHolidayOut = z
  .strictObject({
    id: idOut('carrierHoliday'),
    object: z.literal('carrier_holiday'),
    country: z.string(),
    losing_carrier_id: z.string().nullable(),
    date: z.iso.date().meta({ example: '2026-11-27' }),
    closed: z.boolean(),
    name: z.string(),
    created_at: timestampOut(),
  })
  .meta({ id: 'CarrierHoliday' });
export const numberId = { schema: idIn('number') };

export const portOutToWire = (p: PortOutView): z.infer<typeof portOutOut> => ({
  id: toPublicId('portOut', p.id),
  object: 'port_out',
  state: p.state,
  state_since: p.stateSince.toISOString(),
  numbers: p.numbers.map((n) => n.e164),
  winning_carrier: p.winningCarrierName,
  purchase_order: p.purchaseOrder,
  subscriber_name: p.subscriberName,
  on_the_line: p.synchronous,
  received_at: p.receivedAt.toISOString(),
  answer_by: p.answerBy?.toISOString() ?? null,
  carrier_deadline_at: p.carrierDeadlineAt.toISOString(),
  decided_by: p.decidedBy,
  reason: p.reason,
  evidence: p.evidence,
  foc_at: p.focAt?.toISOString() ?? null,
  completed_at: p.completedAt?.toISOString() ?? null,
  disputable_until: p.completedAt ? new Date(p.completedAt.getTime() + DISPUTE_MS).toISOString() : null,
  revision: p.revision,
  created_at: p.createdAt.toISOString(),
  updated_at: p.updatedAt.toISOString(),
});
export const portOutEventToWire = ({ sequence, state, by, reason, focAt, at }: PortOutEventRow): z.infer<typeof portOutEventOut> => ({
  sequence,
  state,
  by,
  reason,
  foc_at: focAt?.toISOString() ?? null,
  at: at.toISOString(),
});
export const portOutPolicyToWire = (p: PortOutPolicy): z.infer<typeof portOutPolicyOut> => ({
  object: 'port_out_policy',
  has_pin: p.hasPin,
  locked: p.locked,
  account_number: p.accountNumber,
  postal_code: p.postalCode,
  pin_blocked_until: p.pinBlockedUntil?.toISOString() ?? null,
});
export const portOutProtectionToWire = (p: PortOutProtection): z.infer<typeof portOutProtectionOut> => ({
  object: 'port_out_protection',
  number_id: toPublicId('number', p.numberId),
  has_pin: p.hasPin,
  locked: p.locked,
  pin_blocked_until: p.pinBlockedUntil?.toISOString() ?? null,
});
export const portOutAnswerToWire = (answer: KeptAnswer | undefined): z.infer<typeof portOutAnswerOut> => ({
  received: true,
  answer: answer?.kind ?? null,
  reason: answer?.kind === 'rejected' ? answer.reason : null,
  numbers: answer?.kind === 'rejected' ? [...answer.numbers] : [],
});
export const carrierHolidayToWire = (h: CarrierHoliday): z.infer<typeof carrierHolidayOut> => ({
  id: toPublicId('carrierHoliday', h.id),
  object: 'carrier_holiday',
  country: h.country,
  losing_carrier_id: h.losingCarrierId,
  date: h.date,
  closed: h.closed,
  name: h.name,
  created_at: h.createdAt.toISOString(),
});
