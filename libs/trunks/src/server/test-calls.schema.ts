import { toPublicId } from '@trunkline/kernel';
import { e164In, idIn, idOut, pageQuery, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { TestCall } from './test-calls.sql.ts';

export const newTestCall = z
  .strictObject({
    to: e164In().nullable().default(null).describe('The number to call; null: the PBX is called, by one of the trunk’s numbers'),
    from: e164In().nullable().default(null).describe('What is presented; null: the trunk’s default caller ID, or one of your numbers'),
    talk_secs: z.int().min(1).max(30).default(5).describe('How long an answered call lasts'),
  })
  .meta({ id: 'NewTestCall' });
export type NewTestCallBody = z.infer<typeof newTestCall>;

export const testCallQuery = z.strictObject({ ...pageQuery, trunk_id: idIn('trunk').optional() });
export type TestCallQuery = z.infer<typeof testCallQuery>;

export const testCallOut = z
  .strictObject({
    id: idOut('testCall'),
    object: z.literal('test_call'),
    trunk_id: idOut('trunk'),
    target: z.enum(['number', 'pbx']),
    from: z.string().nullable(),
    to: z.string(),
    talk_secs: z.int(),
    state: z.enum(['queued', 'dialling', 'completed', 'failed']).describe('failed: no edge placed it, and reason says why'),
    edge: z.string().nullable(),
    sip_code: z.int().nullable().describe('The final answer'),
    reason: z.string().nullable().describe('Our own error code, when the call was refused here'),
    answered: z.boolean().nullable(),
    post_dial_delay_ms: z.int().nullable().describe('From the call to the first ringing, or the final answer'),
    duration_ms: z.int().nullable().describe('From the answer to the end'),
    media_packets: z.int().nullable().describe('Packets of audio that came; 0 of an answered call: look at NAT and firewall'),
    sip_call_id: z.string().nullable(),
    created_at: timestampOut(),
    dialled_at: timestampOut().nullable(),
    ended_at: timestampOut().nullable(),
  })
  .meta({ id: 'TestCall' });

export const testCallToWire = (c: TestCall): z.infer<typeof testCallOut> => ({
  ...{ id: toPublicId('testCall', c.id), object: 'test_call', trunk_id: toPublicId('trunk', c.trunkId), target: c.target },
  ...{ from: c.fromNumber, to: c.toNumber, talk_secs: c.talkSecs, state: c.state, edge: c.edge, sip_code: c.sipCode, reason: c.reason },
  ...{ answered: c.answered, post_dial_delay_ms: c.postDialDelayMs, duration_ms: c.durationMs, media_packets: c.mediaPackets },
  sip_call_id: c.sipCallId,
  created_at: c.createdAt.toISOString(),
  dialled_at: c.dialledAt?.toISOString() ?? null,
  ended_at: c.endedAt?.toISOString() ?? null,
});
