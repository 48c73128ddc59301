import Stripe from 'stripe';
import { StripeProvider } from '../src/server/stripe-provider.ts';
import { providerScenarios } from './provider-scenarios.ts';

// Against Stripe itself, in a sandbox: `STRIPE_TEST_KEY=sk_test_… npm run test:stripe`. No part of `npm test`.
const apiKey = process.env['STRIPE_TEST_KEY'] ?? '';

describe('scenarios, on a sandbox of Stripe’s', () => {
  const provider = new StripeProvider({ apiKey, webhookSecret: 'whsec_none', returnUrl: 'https://example.com/back' });
  providerScenarios(() => ({ provider, stripe: new Stripe(apiKey, { telemetry: false }) }));
});
