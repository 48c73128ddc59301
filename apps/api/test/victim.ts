import { fromPublicId, newId } from '@trunkline/kernel';
import type { ApiHarness, Call } from './harness.ts';
import { memberOf } from './people.ts';
import { endedCall, storeCalls } from './store-calls.ts';

/** A tenant that has one of everything, for others to reach after. `traces` must appear in nobody else's answers. */
export type Victim = {
  readonly id: string;
  readonly uuid: string;
  readonly call: Call;
  readonly trunk: string;
  readonly credential: string;
  readonly ipList: string;
  readonly credentialList: string;
  readonly listCredential: string;
  /** Lists that no trunk comes to use. */
  readonly spareIpList: string;
  readonly spareCredentialList: string;
  readonly testCall: string;
  readonly number: string;
  readonly numberJob: string;
  readonly numberOrder: string;
  readonly inboundGroup: string;
  readonly inboundSchedule: string;
  /** One that nothing names. */
  readonly spareGroup: string;
  readonly regulatoryBundle: string;
  readonly portProject: string;
  readonly portOrder: string;
  readonly portOut: string;
  readonly portDocument: string;
  readonly portShareLink: string;
  readonly cdr: string;
  readonly apiKey: string;
  readonly invoice: string;
  readonly callExport: string;
  readonly webhookEndpoint: string;
  readonly webhookDelivery: string;
  readonly topUp: string;
  readonly kycDocument: string;
  readonly verifiedNumber: string;
  readonly emergencyAddress: string;
  /** One that it may resell; everybody has it. */
  readonly plan: string;
  readonly member: string;
  readonly invitation: string;
  readonly channelOffer: string;
  readonly channelOrder: string;
  readonly channelPool: string;
  readonly channelGroup: string;
  readonly traces: readonly string[];
};

/** The id of what a call made; a fixture that silently was not made would make every check on it empty. */
const made = async (answer: ReturnType<Call>): Promise<string> => {
  const { status, body } = await answer;
  if (status !== 201) throw new Error(`the fixture was not made: ${status} ${JSON.stringify(body)}`);
  return body.id;
};

/** Channels that cost nothing: what is paid is told elsewhere. */
const holdChannels = async (api: ApiHarness, call: Call) => {
  const steps = [{ from_channels: 1, monthly: '0', setup: '0' }];
  const offer = { name: newId(), currency: 'USD', countries: ['US'], steps, metered_by: 'minute', metered_price: '0' };
  const channelOffer = await made(api.operator('POST', '/v1/channel-offers', offer));
  const channelOrder = await made(call('POST', '/v1/channel-orders', { offer_id: channelOffer, channels: 2 }));
  const channelPool = (await call('GET', '/v1/channel-pools')).body.data[0].id as string;
  const group = { pool_id: channelPool, name: 'victim-group', shared_channels: 1 };
  return { channelOffer, channelOrder, channelPool, channelGroup: await made(call('POST', '/v1/channel-groups', group)) };
};

/** @param place where it stands, as the API takes it; below nobody when absent */
export const makeVictim = async (api: ApiHarness, place: { parent_id?: string; allotment?: object } = {}): Promise<Victim> => {
  const { id, call } = await api.tenant('Victim', undefined, place);
  const trunk = await made(call('POST', '/v1/trunks', { name: 'victim-trunk', country: 'US', channels_max: 2 }));
  const credential = await made(call('POST', `/v1/trunks/${trunk}/credentials`));
  const ipList = await made(call('POST', '/v1/ip-lists', { name: 'victim-list', networks: ['203.0.113.77'] }));
  const credentialList = await made(call('POST', '/v1/credential-lists', { name: 'victim-list' }));
  const listCredential = await made(call('POST', `/v1/credential-lists/${credentialList}/credentials`));
  const spareIpList = await made(call('POST', '/v1/ip-lists', { name: 'victim-list spare', networks: ['203.0.113.79'] }));
  const spareCredentialList = await made(call('POST', '/v1/credential-lists', { name: 'victim-list spare' }));
  await made(api.operator('POST', '/v1/number-imports', 'number\n+12025550142\n+12025550143\n'));
  const number = await made(call('POST', '/v1/numbers', { number: '+12025550142', trunk_id: trunk }));
  const testCall = await made(call('POST', `/v1/trunks/${trunk}/test-calls`, {}));
  await call('PUT', `/v1/trunks/${trunk}/registrar`, { uri: 'sip:pbx.victim.example', username: 'victim', password: 'victim-secret' });
  const numberJob = await made(call('POST', '/v1/number-jobs', { action: 'update', change: { tags: [] }, number_ids: [number] }));
  const numberOrder = await made(call('POST', '/v1/number-orders', { numbers: ['+12025550149'] })); // which nobody has
  const target = { uri: 'sip:pbx.victim.example' };
  const inboundGroup = await made(call('POST', '/v1/inbound-groups', { name: 'victim-group', targets: [target] }));
  const spareGroup = await made(call('POST', '/v1/inbound-groups', { name: 'victim-spare', targets: [target] }));
  const office = { name: 'victim-schedule', time_zone: 'Europe/Berlin', otherwise_group_id: inboundGroup };
  const inboundSchedule = await made(call('POST', '/v1/inbound-schedules', office));
  await call('PUT', '/v1/disaster-plan', { inbound_group_id: inboundGroup });
  const kind = { country: 'GB', number_type: 'local', end_user: 'business' };
  const regulatoryBundle = await made(call('POST', '/v1/regulatory-bundles', { name: 'victim-bundle', ...kind }));
  const portProject = await made(call('POST', '/v1/port-projects', { numbers: ['+12025550177'], trunk_id: trunk }));
  const portOrder = (await call('GET', '/v1/port-orders')).body.data[0].id as string;
  await made(api.operator('POST', '/v1/port-out-rehearsals', { numbers: ['+12025550142'], winning_carrier: 'victim-winner' }));
  const portOut = (await call('GET', '/v1/port-outs')).body.data[0].id as string;
  await api.operator('POST', `/v1/port-out-rehearsals/${portOut}/advance`, { step: 'cancel' }); // the number is free again
  const bill = `/v1/port-orders/${portOrder}/documents?kind=bill&file_name=victim-bill.pdf&dated_on=2026-01-01`;
  const portDocument = await made(call('POST', bill, Buffer.from('%PDF-victim')));
  const portShareLink = await made(call('POST', `/v1/port-orders/${portOrder}/share-links`, {}));
  await storeCalls(api, endedCall(api, { uid: 'victim', tenantId: fromPublicId('tenant', id) ?? '' }));
  const cdr = (await call('GET', '/v1/calls')).body.data[0].id as string;
  const apiKey = (await call('GET', '/v1/api-keys')).body.data[0].id as string;
  const callExport = await made(call('POST', '/v1/call-exports', {}));
  const channels = await holdChannels(api, call);
  const webhookEndpoint = await made(call('POST', '/v1/webhook-endpoints', { url: 'https://victim.example/hook' }));
  const webhookDelivery = await made(call('POST', `/v1/webhook-endpoints/${webhookEndpoint}/ping`));
  await memberOf(api, id, 'noc', 'victim@member.example');
  const member = (await call('GET', '/v1/members')).body.data[0].id as string;
  const invitation = await made(call('POST', '/v1/invitations', { email: 'invited@victim.example', role: 'noc' }));
  const month = api.clock.now().toISOString().slice(0, 7);
  api.clock.advance({ days: 32 });
  await api.operator('POST', '/v1/invoice-runs', { month });
  const { id: invoice, number: invoiceNumber } = (await call('GET', '/v1/invoices')).body.data[0];
  const topUp = await made(call('POST', '/v1/top-ups', { amount: '5.00' }));
  const [line] = (await call('GET', `/v1/invoices/${invoice}`)).body.lines;
  const credit = { category: line.category, amount: line.amount.amount, reason: 'victim-reason' };
  const creditNote = await made(api.operator('POST', `/v1/invoices/${invoice}/credit-notes`, { lines: [credit] }));
  const kycDocument = await made(call('POST', '/v1/kyc-file/documents?kind=other&file_name=victim.pdf', Buffer.from('%PDF-victim')));
  const verifiedNumber = await made(call('POST', '/v1/verified-numbers', { number: '+13105550142', method: 'sms' }));
  const home = { house_number: '1', street: 'victim-street', city: 'New York', region: 'NY', postal_code: '10118', country: 'US' };
  const emergencyAddress = await made(call('POST', '/v1/emergency-addresses', { name: 'Victim', ...home }));
  await call('PATCH', '/v1/kyc-file', { legal_name: 'victim-name' });
  const plan = (await api.prices()).planId;
  const { status } = await api.operator('POST', '/v1/resale-plans', { tenant_id: id, plan_id: plan });
  if (status !== 201) throw new Error('the plan cannot be resold');
  return {
    id,
    plan,
    uuid: fromPublicId('tenant', id) ?? '',
    call,
    trunk,
    credential,
    ipList,
    credentialList,
    listCredential,
    spareIpList,
    spareCredentialList,
    testCall,
    number,
    numberJob,
    numberOrder,
    inboundGroup,
    inboundSchedule,
    spareGroup,
    regulatoryBundle,
    portProject,
    portOrder,
    portOut,
    portDocument,
    portShareLink,
    cdr,
    apiKey,
    invoice,
    callExport,
    webhookEndpoint,
    webhookDelivery,
    topUp,
    kycDocument,
    verifiedNumber,
    emergencyAddress,
    member,
    invitation,
    ...channels,
    traces: [
      channels.channelOrder,
      channels.channelPool,
      channels.channelGroup,
      'victim-group',
      inboundGroup,
      inboundSchedule,
      'victim-group',
      'victim-schedule',
      kycDocument,
      'victim-name',
      member,
      invitation,
      'victim@member.example',
      callExport,
      webhookEndpoint,
      webhookDelivery,
      'victim.example',
      invoice,
      invoiceNumber,
      topUp,
      creditNote,
      'victim-reason',
      id,
      trunk,
      credential,
      ipList,
      credentialList,
      listCredential,
      testCall,
      'victim-list',
      number,
      numberJob,
      numberOrder,
      regulatoryBundle,
      'victim-bundle',
      portProject,
      portOrder,
      portOut,
      'victim-winner',
      portDocument,
      portShareLink,
      'victim-bill',
      '+12025550177',
      cdr,
      '+12025550142',
      apiKey,
      'victim-trunk',
    ],
  };
};
