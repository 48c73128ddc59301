import { toPublicId } from '@trunkline/kernel';
import { idOut, timestampOut } from '@trunkline/platform';
import { z } from 'zod';
import type { NumberHistoryEntry } from './number-history-queries.ts';

export const HISTORY_ACTIONS = ['assigned', 'pointed', 'suspended', 'reinstated', 'released', 'transferred', 'restored'] as const;

export const historyOut = z
  .strictObject({
    id: idOut('numberHistoryEntry'),
    object: z.literal('number_history_entry'),
    number: z.string(),
    number_id: idOut('number'),
    tenant_id: idOut('tenant'),
    action: z.enum(HISTORY_ACTIONS),
    trunk_id: idOut('trunk').nullable().describe('The trunk that took its calls from then on'),
    created_at: timestampOut(),
  })
  .meta({ id: 'NumberHistoryEntry' });

export const historyToWire = (h: NumberHistoryEntry): z.infer<typeof historyOut> => ({
  id: toPublicId('numberHistoryEntry', h.id),
  object: 'number_history_entry',
  number: h.e164,
  number_id: toPublicId('number', h.numberId),
  tenant_id: toPublicId('tenant', h.tenantId),
  action: h.action as (typeof HISTORY_ACTIONS)[number],
  trunk_id: h.trunkId && toPublicId('trunk', h.trunkId),
  created_at: h.createdAt.toISOString(),
});
