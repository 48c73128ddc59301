import { CHANNEL_KINDS } from '@trunkline/edge-core';
import type { AgentMessage } from '@trunkline/edge-core';
import { z } from 'zod';

/** The largest message an agent may send: a batch of CDR lines, compressed. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const version = z.int().min(0);
const targetList = z.array(z.string().max(255)).max(100);
const sipText = z.string().max(128);
const testCallResult = z.object({
  type: z.literal('test_call_result'),
  id: z.uuid(),
  sip_code: z.int().min(100).max(699),
  reason: sipText.nullable(),
  answered: z.boolean(),
  post_dial_delay_ms: z.int().min(0).max(600_000).nullable(),
  duration_ms: z.int().min(0).max(600_000).nullable(),
  media_packets: z.int().min(0).max(1_000_000),
  sip_call_id: sipText,
});
const status = z.object({
  kamailio: z.enum(['up', 'down']),
  applied_version: version,
  spool_depth: z.int().min(0),
  active_calls: z.int().min(0),
  bundle: z.string().max(64),
  tls_expires_at: z.iso.datetime().optional(),
  checksums: z.record(z.string().max(16), z.string().regex(/^[0-9a-f]{13}$/)),
  channels: z
    .object({
      complete: z.boolean(),
      uses: z.array(z.object({ tenant_id: z.uuid(), kind: z.enum(CHANNEL_KINDS), pool_id: z.uuid().nullable(), calls: version })).max(1000),
    })
    .optional(),
  registrations: z
    .array(
      z.object({
        trunk_id: z.uuid(),
        state: z.enum(['registering', 'registered', 'failing']),
        sip_code: z.int().min(100).max(699).nullable(),
        since: z.iso.datetime(),
      }),
    )
    .max(1000)
    .optional(),
  targets: z.object({ complete: z.boolean(), down: targetList, unknown: targetList }).optional(),
});

// members that a later agent adds are ignored; a change that must not be ignored raises CONTRACT
const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    contract: z.int(),
    edge_id: z.string().max(64),
    cursor: version,
    agent_version: z.string().max(32).optional(),
  }),
  z.object({ type: z.literal('proof'), signature: z.base64().max(128) }),
  z.object({ type: z.literal('applied'), version }),
  testCallResult,
  z.object({ type: z.literal('status'), status }),
  z.object({ type: z.literal('cdrs'), batch: z.int(), lines: z.string() }),
]);

/** @returns undefined when it is no message of the protocol */
export const readAgentMessage = (text: string): AgentMessage | undefined => {
  try {
    return message.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
};
