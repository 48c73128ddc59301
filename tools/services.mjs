// The processes of the control plane in the order they start: how each is run, what it is told, when it is ready.
import { connect } from 'node:net';
import { join } from 'node:path';
import { reachable } from './settings.mjs';
import { root } from './bootstrap.mjs';

/** Runs a TypeScript entry point from source. */
export const fromSource = (entry, ...args) => ({
  command: process.execPath,
  args: ['--enable-source-maps', '--conditions=@trunkline/source', '--import', './tools/source-hook.mjs', entry, ...args],
});

const answersHttp = (url) => () =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

const accepts = (host, port) => () =>
  new Promise((done) => {
    const socket = connect({ host, port }, () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });

/** What a child inherits: never the owner's database URL. */
export function inherited(env) {
  const { DATABASE_URL: _owner, ...rest } = env;
  return { ...rest, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile') };
}

function stripeEnv(settings, secrets, env) {
  const webhook = { STRIPE_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET ?? secrets.stripeWebhookSecret };
  if (settings.stripeApiKey) return { ...webhook, STRIPE_API_KEY: settings.stripeApiKey };
  return { ...webhook, STRIPE_API_KEY: 'sk_test_emulator', STRIPE_API_URL: `http://127.0.0.1:${settings.ports.stripeEmulator}` };
}

/** The environment that api and worker share. */
export function controlPlaneEnv({ settings, secrets, urls, env }) {
  return {
    ...inherited(env),
    ...stripeEnv(settings, secrets, env),
    DATABASE_URL: urls.appUrl,
    SYSTEM_DATABASE_URL: urls.systemUrl,
    API_HOST: settings.apiHost,
    API_PORT: String(settings.ports.api),
    PUBLIC_URL: env.PUBLIC_URL ?? `http://${reachable(settings.apiHost)}:${settings.ports.api}`,
    GATEWAY_HOST: settings.gatewayHost,
    GATEWAY_PORT: String(settings.ports.gateway),
    WORKER_HEALTH_PORT: String(settings.ports.workerHealth),
    SIP_REALM: settings.sipRealm,
    ENCRYPTION_KEY: env.ENCRYPTION_KEY ?? secrets.encryptionKey,
    OPERATOR_KEY_FILE: join(settings.dataDir, 'operator-key'),
    DOCUMENTS_DIR: join(settings.dataDir, 'documents'),
  };
}

/** Specs for the supervisor: the Stripe emulator (unless there is a key for the real one), api, worker. */
export function controlPlane({ settings, secrets, urls, env }) {
  const { ports } = settings;
  const apiUrl = `http://${reachable(settings.apiHost)}:${ports.api}`;
  const shared = controlPlaneEnv({ settings, secrets, urls, env });
  const webhook = ['--webhook-url', `${apiUrl}/v1/stripe/webhooks`];
  const listen = ['--host', '127.0.0.1', '--port', String(ports.stripeEmulator)];
  // customers in the database refer to what it keeps, so it must remember; and a demo's customers should be able to pay
  const account = ['--state-file', join(settings.dataDir, 'stripe-emulator.json'), '--new-customer-card', 'pm_card_visa'];
  const emulator = {
    name: 'stripe-emulator',
    ...fromSource('libs/testing/src/stripe-emulator/main.ts', ...listen, ...webhook, ...account),
    env: { ...inherited(env), STRIPE_WEBHOOK_SECRET: shared.STRIPE_WEBHOOK_SECRET },
    ready: accepts('127.0.0.1', ports.stripeEmulator),
  };
  const api = { name: 'api', ...fromSource('apps/api/src/main.ts'), env: shared, ready: answersHttp(`${apiUrl}/health/ready`) };
  const health = `http://127.0.0.1:${ports.workerHealth}/health/ready`;
  const worker = { name: 'worker', ...fromSource('apps/worker/src/main.ts'), env: shared, ready: answersHttp(health) };
  return settings.stripeApiKey ? [api, worker] : [emulator, api, worker];
}
