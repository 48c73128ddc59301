import { checkPlan, quote } from './plan.ts';
import type { Plan } from './plan.ts';

const plan: Plan = {
  currency: 'USD',
  channelMonthlyNanos: 9_000_000_000n,
  channelSetupNanos: 0n,
  numberMonthlyNanos: 1_500_000_000n,
  numberSetupNanos: 1_000_000_000n,
  outboundDeckId: 'out',
  inboundDeckId: null,
};

describe('a plan', () => {
  it('quotes setup, the rest of this month and a full month', () => {
    expect(quote(plan, 'number', 10, new Date('2026-11-21T17:00:00Z'))).toEqual({
      currency: 'USD',
      setupNanos: 10_000_000_000n,
      firstMonthNanos: 5_000_000_000n,
      monthlyNanos: 15_000_000_000n,
    });
  });

  it('may leave inbound free', () => expect(() => checkPlan(plan, { outbound: 'USD', inbound: null })).not.toThrow());

  it('names every faulty field', () => {
    const bad: Plan = { ...plan, inboundDeckId: 'in', numberMonthlyNanos: -1n, numberSetupNanos: -1n };
    expect(() => checkPlan(bad, { outbound: 'EUR', inbound: 'USD' })).toThrow(
      expect.objectContaining({
        code: 'rating.plan_invalid',
        errors: [
          expect.objectContaining({ pointer: '/number_monthly' }),
          expect.objectContaining({ pointer: '/number_setup' }),
          expect.objectContaining({ pointer: '/outbound_deck_id', code: 'currency' }),
        ],
      }),
    );
  });
});
