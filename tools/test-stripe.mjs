// `STRIPE_TEST_KEY=sk_test_… npm run test:stripe`: the scenarios of the payment provider against a sandbox of Stripe's, which keeps what they make. They run on the
// Stripe emulator in `npm test`; against Stripe itself they have not been run by the project.
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
if (/^(sk|rk)_test_\w+$/.test(process.env.STRIPE_TEST_KEY ?? '')) {
  const { generate } = await import('./generate.mjs');
  const { runJest } = await import('./jest/run-jest.mjs');
  await generate();
  process.exitCode = await runJest(['--config', 'jest.stripe.config.mjs', ...process.argv.slice(2)]);
} else {
  console.error('STRIPE_TEST_KEY must be a key of a sandbox (sk_test_…): these tests make customers, invoices and payments');
  process.exitCode = 1;
}
