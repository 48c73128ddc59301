import { monthOf } from '@trunkline/kernel';

/** A call that costs something. */
export type ChargedCall = {
  readonly tenantId: string;
  readonly id: string;
  readonly direction: 'outbound' | 'inbound';
  readonly answeredAtMs: number;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly billedSeconds: number;
};

/** Calls of one tenant, direction, month of answer and currency, charged together. */
export type Usage = {
  readonly tenantId: string;
  readonly kind: 'usage_outbound' | 'usage_inbound';
  readonly month: Date;
  readonly currency: string;
  readonly count: number;
  readonly seconds: number;
  readonly amountNanos: bigint;
  readonly ids: readonly string[]; // sorted
};

/** Adds up what a batch of calls costs. Calls that cost nothing are left out: the books hold money only, however calls are batched. */
export const sumUsage = (calls: readonly ChargedCall[]): Usage[] => {
  const groups = new Map<string, ChargedCall[]>();
  for (const call of calls) {
    if (call.amountNanos === 0n) continue;
    const at = new Date(call.answeredAtMs);
    const key = `${call.tenantId} ${call.direction} ${at.getUTCFullYear()}-${at.getUTCMonth()} ${call.currency}`;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return [...groups.values()].map(usageOf);
};

const usageOf = (calls: readonly ChargedCall[]): Usage => {
  const { tenantId, direction, answeredAtMs, currency } = calls[0] as ChargedCall;
  return {
    tenantId,
    kind: `usage_${direction}`,
    month: monthOf(new Date(answeredAtMs)).from,
    currency,
    count: calls.length,
    seconds: calls.reduce((sum, c) => sum + c.billedSeconds, 0),
    amountNanos: calls.reduce((sum, c) => sum + c.amountNanos, 0n),
    ids: calls.map((c) => c.id).sort(),
  };
};
