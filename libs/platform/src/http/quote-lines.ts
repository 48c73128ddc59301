import { moneyToWire } from '@trunkline/kernel';
import { z } from 'zod';
import type { Charge } from '../db/commit-records.ts';
import { timestampOut } from './schemas.ts';

// without names of their own: the schema of problems is made outside of what names schemas
const money = z.strictObject({ amount: z.string(), currency: z.string() });

export const quoteOut = z.strictObject({
  id: z.string().meta({ example: 'quo_01kaq8x4s7fyz8m2q0w3e5r6t7' }),
  object: z.literal('quote'),
  lines: z.array(
    z.strictObject({
      kind: z.enum(['setup', 'monthly']),
      unit: z.enum(['channel', 'number']),
      quantity: z.int(),
      unit_price: money,
      amount: money,
    }),
  ),
  setup: money.nullable().describe('Owed at once; null when the order costs nothing'),
  monthly: money.nullable().describe('Owed by the month from today, by the day'),
  expires_at: timestampOut(),
});

const sum = (lines: readonly Charge[], kind: Charge['kind']) => {
  const [first] = lines;
  const nanos = lines.filter((l) => l.kind === kind).reduce((total, l) => total + BigInt(l.unitNanos) * BigInt(l.quantity), 0n);
  return first ? moneyToWire(nanos, first.currency) : null;
};

export const quoteToWire = (id: string, lines: readonly Charge[], expiresAt: Date): z.infer<typeof quoteOut> => ({
  id,
  object: 'quote',
  lines: lines.map(({ kind, unit, quantity, unitNanos, currency }) => ({
    kind,
    unit,
    quantity,
    unit_price: moneyToWire(BigInt(unitNanos), currency),
    amount: moneyToWire(BigInt(unitNanos) * BigInt(quantity), currency),
  })),
  setup: sum(lines, 'setup'),
  monthly: sum(lines, 'monthly'),
  expires_at: expiresAt.toISOString(),
});
