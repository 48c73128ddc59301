// The Stripe emulator as a process:
//   main.ts --port 7440 --webhook-url http://127.0.0.1:3000/webhooks/stripe --webhook-secret whsec_x [--host H] [--state-file F] [--new-customer-card pm_card_visa]
import { parseArgs } from 'node:util';
import { TEST_CARDS } from './account.ts';
import { startStripeEmulator } from './start-stripe-emulator.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { host: text, port: text, 'webhook-url': text, 'webhook-secret': text, 'state-file': text, 'new-customer-card': text },
});
const newCustomerCard = TEST_CARDS.find((card) => card === values['new-customer-card']);
const emulator = await startStripeEmulator({
  port: Number(values.port ?? 0),
  ...(values.host && { host: values.host }),
  ...(values['webhook-url'] && { webhookUrl: values['webhook-url'] }),
  ...(values['webhook-secret'] && { webhookSecret: values['webhook-secret'] }),
  ...(values['state-file'] && { stateFile: values['state-file'] }),
  ...(newCustomerCard && { newCustomerCard }),
});
console.log(`Stripe emulator on ${emulator.url}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.stop());
