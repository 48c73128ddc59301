// What `npm start` can be told by environment variables, with the defaults.
import { join, resolve } from 'node:path';
import { root } from './bootstrap.mjs';

const PORTS = { API_PORT: 3000, GATEWAY_PORT: 3001, WORKER_HEALTH_PORT: 3002, STRIPE_EMULATOR_PORT: 3003, SIP_PORT: 5060 };

/**
 * @returns `{dataDir, apiHost, gatewayHost, sipRealm, ports: {api, gateway, workerHealth, stripeEmulator, sip}, databaseUrl?, stripeApiKey?}`
 * @throws naming the variable whose value is no port
 */
export function readSettings(env) {
  const port = (name) => {
    const value = Number(env[name] ?? PORTS[name]);
    if (!Number.isInteger(value) || value < 1 || value > 65_535) throw new Error(`${name} must be a port between 1 and 65535.`);
    return value;
  };
  return {
    dataDir: resolve(env.TRUNKLINE_DATA_DIR ?? join(root, '.data')),
    apiHost: env.API_HOST ?? '127.0.0.1',
    gatewayHost: env.GATEWAY_HOST ?? '127.0.0.1',
    sipRealm: env.SIP_REALM ?? 'sip.trunkline.local',
    ports: {
      api: port('API_PORT'),
      gateway: port('GATEWAY_PORT'),
      workerHealth: port('WORKER_HEALTH_PORT'),
      stripeEmulator: port('STRIPE_EMULATOR_PORT'),
      sip: port('SIP_PORT'),
    },
    databaseUrl: env.DATABASE_URL,
    stripeApiKey: env.STRIPE_API_KEY,
  };
}

/** An address that reaches a server listening on that host: from this machine the wildcards mean loopback. */
export function reachable(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
