import { z } from 'zod';
import { billingConfig, billingEnv } from './billing-config.ts';

const secrets = { STRIPE_API_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1234' };
const read = (env: object) => billingConfig(z.object(billingEnv).parse({ ...secrets, ...env }));

describe('the settings of billing', () => {
  it('have a policy of retries by default', () =>
    expect(read({}).dunning).toEqual({ attemptDays: [0, 1, 3, 5, 7], graceDays: 0, restrictedDays: 7 }));
  it('take another one', () =>
    expect(read({ DUNNING_ATTEMPT_DAYS: '0,2,10', DUNNING_GRACE_DAYS: '5', DUNNING_RESTRICTED_DAYS: '3' }).dunning).toEqual({
      attemptDays: [0, 2, 10],
      graceDays: 5,
      restrictedDays: 3,
    }));
  it.each(['', '1,2', '0,0', '0,3,2', '0,x', '0;1'])('refuse the days "%s"', (days) =>
    expect(() => read({ DUNNING_ATTEMPT_DAYS: days })).toThrow(z.ZodError),
  );
});
