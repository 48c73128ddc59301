// The Stripe emulator as a process:
//   STRIPE_WEBHOOK_SECRET=whsec_… main.ts --port 7440 --webhook-url http://127.0.0.1:3000/v1/stripe/webhooks [--host H] [--state-file F] [--new-customer-card pm_card_visa]
// The secret comes by the environment: the command line is for everybody on the machine to read.
import { parseArgs } from 'node:util';
import { TEST_CARDS } from './account.ts';
import { startStripeEmulator } from './start-stripe-emulator.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { host: text, port: text, 'webhook-url': text, 'state-file': text, 'new-customer-card': text },
});
const webhookSecret = process.env['STRIPE_WEBHOOK_SECRET'];
const newCustomerCard = TEST_CARDS.find((card) => card === values['new-customer-card']);
const emulator = await startStripeEmulator({
  port: Number(values.port ?? 0),
  ...(values.host && { host: values.host }),
  ...(values['webhook-url'] && { webhookUrl: values['webhook-url'] }),
  ...(webhookSecret && { webhookSecret }),
  ...(values['state-file'] && { stateFile: values['state-file'] }),
  ...(newCustomerCard && { newCustomerCard }),
});
console.log(`Stripe emulator on ${emulator.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.stop());
