// What an operator sets up once, and a customer orders: all by the public API. An earlier try that was cut short may have left any of it.
import { apiClient } from './api-client.mjs';

export const ADDRESSES = { edges: ['127.0.1.1', '127.0.1.2'], carrier: '127.0.1.11', pbx: '127.0.1.21' };
const SCOPES = [
  'tenant:read',
  'api_keys:read',
  'trunks:read',
  'trunks:write',
  'numbers:read',
  'numbers:write',
  'calls:read',
  'billing:read',
  'billing:write',
];
const NUMBERS = Array.from({ length: 20 }, (_, i) => `+120255501${String(i).padStart(2, '0')}`);
const RATES = 'prefix,destination,rate,connect_fee,initial,increment';
const OUTBOUND = `${RATES}\n1,USA and Canada,0.0085,0,6,6\n44,United Kingdom,0.0120,0,60,60\n`;
const INBOUND = `${RATES}\n1,Calls received,0.0035,0,6,6\n`;

const listed = async (operator, path, name) => (await operator('GET', `${path}?limit=200`)).data.find((item) => item.name === name);

/** Creates what is not there yet under that name. */
const named = async (operator, path, body) => (await listed(operator, path, body.name)) ?? (await operator('POST', path, body));

/** Creates the edges, each with its one-time token, and starts them. */
export async function createEdges({ operator, ports, startEdge }) {
  for (const [i, ip] of ADDRESSES.edges.entries()) {
    const name = `edge-${i + 1}`;
    const sipAddress = `${ip}:${ports.sip}`;
    if (await listed(operator, '/v1/edges', name)) continue; // enrolled by an earlier start, and started with the others
    const edge = await operator('POST', '/v1/edges', { name, sip_address: sipAddress });
    await startEdge({ name, sipAddress, enrolToken: edge.enrol_token });
  }
}

/** A carrier with one gateway that takes all calls of two countries and emergency calls. */
async function stockCarrier({ operator, ports }) {
  if (await listed(operator, '/v1/carriers', 'Demo carrier')) return;
  const carrier = await operator('POST', '/v1/carriers', { name: 'Demo carrier' });
  const gateway = await operator('POST', `/v1/carriers/${carrier.id}/gateways`, {
    uri: `sip:${ADDRESSES.carrier}:${ports.sip}`,
    source_addresses: [ADDRESSES.carrier],
  });
  const route = { gateway_id: gateway.id, priority: 10 };
  for (const prefix of ['1', '44']) await operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix, ...route });
  await operator('POST', '/v1/carrier-routes', { kind: 'emergency', country: 'US', ...route });
}

async function stockDeck({ operator, name, sheet }) {
  const known = await listed(operator, '/v1/decks', name);
  if (known) return known;
  const deck = await operator('POST', '/v1/decks', { name, currency: 'USD' });
  await operator('POST', `/v1/decks/${deck.id}/versions`, sheet);
  return deck;
}

/** Carrier, decks, numbers in stock. @returns the plan that customers get */
export async function stockPlatform({ operator, ports }) {
  await stockCarrier({ operator, ports });
  const outbound = await stockDeck({ operator, name: 'Outbound 2026', sheet: OUTBOUND });
  const inbound = await stockDeck({ operator, name: 'Inbound 2026', sheet: INBOUND });
  await operator('POST', '/v1/number-imports', `number,country\n${NUMBERS.map((n) => `${n},US\n`).join('')}`);
  const fees = { channel_monthly: '4.00', channel_setup: '0.00', number_monthly: '1.50', number_setup: '0.50' };
  const decks = { outbound_deck_id: outbound.id, inbound_deck_id: inbound.id };
  return named(operator, '/v1/plans', { name: 'Business', currency: 'USD', ...fees, ...decks });
}

/** A tenant with its key. @returns the caller that acts with that key */
export async function signUp({ apiUrl, operatorKey, operator, plan }) {
  const tenant = await operator('POST', '/v1/tenants', { name: 'Demo customer', country: 'US', currency: 'USD', channels_max: 10 });
  await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: plan.id });
  const key = await apiClient(apiUrl, operatorKey, tenant.id)('POST', '/v1/api-keys', { name: 'demo', scopes: SCOPES });
  return apiClient(apiUrl, key.secret);
}

/** A trunk with a digest user, and a number that points at it. */
export async function orderTrunk({ customer, ports }) {
  const trunk = await customer('POST', '/v1/trunks', {
    name: 'Head office',
    country: 'US',
    channels_max: 4,
    allowed_countries: ['US', 'GB'],
    inbound_routes: [{ uri: `sip:${ADDRESSES.pbx}:${ports.sip}`, priority: 10 }],
  });
  const credential = await customer('POST', `/v1/trunks/${trunk.id}/credentials`);
  const { data } = await customer('GET', '/v1/available-numbers?country=US&limit=1');
  const number = await customer('POST', '/v1/numbers', { number: data[0].number, trunk_id: trunk.id });
  return { trunk, credential, number };
}
