// What an operator sets up once, and a customer orders: all by the public API.
import { apiClient } from './api-client.mjs';

export const ADDRESSES = { edges: ['127.0.1.1', '127.0.1.2'], carrier: '127.0.1.11', pbx: '127.0.1.21' };
const SCOPES = ['tenant:read', 'api_keys:read', 'trunks:read', 'trunks:write', 'numbers:read', 'numbers:write', 'calls:read', 'billing:read', 'billing:write'];
const NUMBER = '+12025550123';
const DECK = 'prefix,destination,rate,connect_fee,initial,increment\n1,USA and Canada,0.0085,0,6,6\n44,United Kingdom,0.0120,0,60,60\n';
const INBOUND_DECK = 'prefix,destination,rate,connect_fee,initial,increment\n1,Calls received,0.0035,0,6,6\n';

/** Creates the edges (each with its one-time token) and starts them. */
export async function createEdges({ operator, ports, startEdge }) {
  for (const [i, ip] of ADDRESSES.edges.entries()) {
    const name = `edge-${i + 1}`;
    const sipAddress = `${ip}:${ports.sip}`;
    const edge = await operator('POST', '/v1/edges', { name, sip_address: sipAddress });
    await startEdge({ name, sipAddress, enrolToken: edge.enrol_token });
  }
}

/** A carrier with one gateway that takes all calls, a plan with its decks, and a number in stock. */
export async function stockPlatform({ operator, ports }) {
  const carrier = await operator('POST', '/v1/carriers', { name: 'Demo carrier' });
  const gateway = await operator('POST', `/v1/carriers/${carrier.id}/gateways`, { uri: `sip:${ADDRESSES.carrier}:${ports.sip}`, source_addresses: [ADDRESSES.carrier] });
  for (const prefix of ['1', '44']) await operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix, gateway_id: gateway.id, priority: 10 });
  await operator('POST', '/v1/carrier-routes', { kind: 'emergency', country: 'US', gateway_id: gateway.id, priority: 10 });
  const outbound = await operator('POST', '/v1/decks', { name: 'Outbound 2026', currency: 'USD' });
  const inbound = await operator('POST', '/v1/decks', { name: 'Inbound 2026', currency: 'USD' });
  await operator('POST', `/v1/decks/${outbound.id}/versions`, DECK);
  await operator('POST', `/v1/decks/${inbound.id}/versions`, INBOUND_DECK);
  const fees = { channel_monthly: '4.00', channel_setup: '0.00', number_monthly: '1.50', number_setup: '0.50' };
  const plan = await operator('POST', '/v1/plans', { name: 'Business', currency: 'USD', ...fees, outbound_deck_id: outbound.id, inbound_deck_id: inbound.id });
  await operator('POST', '/v1/number-imports', `number,country\n${NUMBER},US\n`);
  return plan;
}

/** A tenant with its key. @returns the caller that acts with that key */
export async function signUp({ apiUrl, operatorKey, operator, plan }) {
  const tenant = await operator('POST', '/v1/tenants', { name: 'Demo customer', country: 'US', currency: 'USD', channels_max: 10 });
  await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: plan.id });
  const key = await apiClient(apiUrl, operatorKey, tenant.id)('POST', '/v1/api-keys', { name: 'demo', scopes: SCOPES });
  return { tenant, customer: apiClient(apiUrl, key.secret), key: key.secret };
}

/** A trunk with a digest user, and a number that points at it. */
export async function orderTrunk({ customer, ports }) {
  const pbx = { uri: `sip:${ADDRESSES.pbx}:${ports.sip}`, priority: 10 };
  const trunk = await customer('POST', '/v1/trunks', { name: 'Head office', country: 'US', channels_max: 4, allowed_countries: ['US', 'GB'], inbound_routes: [pbx] });
  const credential = await customer('POST', `/v1/trunks/${trunk.id}/credentials`);
  const number = await customer('POST', '/v1/numbers', { number: NUMBER, trunk_id: trunk.id });
  return { trunk, credential, number };
}
