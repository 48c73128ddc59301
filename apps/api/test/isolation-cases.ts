import { newId, toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';
import type { Call } from './harness.ts';
import type { Victim } from './victim.ts';

type Ids = Readonly<Record<string, string>>;
type PathCase = (victim: Victim) => { readonly foreign: Ids; readonly missing: Ids; readonly body?: unknown };
type BodyCase = (
  victim: Victim,
  stranger: Call,
) => Promise<{ readonly method: 'POST' | 'PATCH' | 'PUT'; readonly url: string; readonly foreign: unknown; readonly missing: unknown }>;

/** What must be said beside the path, or is asked for so that a list says the same twice. */
export const QUERIES: Readonly<Record<string, string>> = {
  listAuditEntries: '?action=trunk.created',
  listTenantUsage: '?month=2026-11',
  addPortDocument: '?kind=bill&file_name=bill.pdf&dated_on=2026-01-01',
  getPortRequirements: '?country=US',
  getEarliestPortDate: '?country=US&number=%2B12025550142',
};

const missing = (kind: IdKind) => toPublicId(kind, newId());
const webhookEndpoint = (v: Victim, body?: unknown) => ({
  foreign: { id: v.webhookEndpoint },
  missing: { id: missing('webhookEndpoint') },
  ...(body !== undefined && { body }),
});
const verifiedNumber = (v: Victim, body?: unknown) => ({
  foreign: { id: v.verifiedNumber },
  missing: { id: missing('verifiedNumber') },
  ...(body !== undefined && { body }),
});
const ofNumber = (v: Victim, body?: unknown) => ({
  foreign: { number_id: v.number },
  missing: { number_id: missing('number') },
  ...(body !== undefined && { body }),
});

const NO_ROUTING = { inbound_group_id: null, inbound_schedule_id: null, disaster_group_id: null };
const portOrder = (v: Victim, body?: unknown) => ({
  foreign: { id: v.portOrder },
  missing: { id: missing('portOrder') },
  ...(body !== undefined && { body }),
});

const portOut = (v: Victim, body?: unknown) => ({
  foreign: { id: v.portOut },
  missing: { id: missing('portOut') },
  ...(body !== undefined && { body }),
});

const regulatoryBundle = (v: Victim, body?: unknown) => ({
  foreign: { id: v.regulatoryBundle },
  missing: { id: missing('regulatoryBundle') },
  ...(body !== undefined && { body }),
});

const listCredential = (v: Victim, one: boolean) => ({
  foreign: { credential_list_id: v.credentialList, ...(one && { id: v.listCredential }) },
  missing: { credential_list_id: missing('credentialList'), ...(one && { id: missing('credential') }) },
});

/** One case per route that takes an id: the victim's, and one that never was. A route without a case fails the suite. */
const paths: Record<string, PathCase> = {
  getTenant: (v) => ({ foreign: { id: v.id }, missing: { id: missing('tenant') } }),
  updateTenant: (v) => ({ foreign: { id: v.id }, missing: { id: missing('tenant') }, body: { name: 'taken over' } }),
  placeHold: (v) => ({ foreign: { id: v.id }, missing: { id: missing('tenant') }, body: { kind: 'reseller', reason: 'taken over' } }),
  liftHold: (v) => ({ foreign: { id: v.id }, missing: { id: missing('tenant') }, body: { kind: 'reseller' } }),
  revokeResale: (v) => ({
    foreign: { tenant_id: v.id, plan_id: v.plan },
    missing: { tenant_id: missing('tenant'), plan_id: v.plan },
  }),
  downloadKycDocument: (v) => ({ foreign: { id: v.kycDocument }, missing: { id: missing('kycDocument') } }),
  deleteKycDocument: (v) => ({ foreign: { id: v.kycDocument }, missing: { id: missing('kycDocument') } }),
  getApiKey: (v) => ({ foreign: { id: v.apiKey }, missing: { id: missing('apiKey') } }),
  updateApiKey: (v) => ({ foreign: { id: v.apiKey }, missing: { id: missing('apiKey') }, body: { name: 'taken over' } }),
  rotateApiKey: (v) => ({ foreign: { id: v.apiKey }, missing: { id: missing('apiKey') }, body: {} }),
  revokeApiKey: (v) => ({ foreign: { id: v.apiKey }, missing: { id: missing('apiKey') } }),
  getTrunk: (v) => ({ foreign: { id: v.trunk }, missing: { id: missing('trunk') } }),
  updateTrunk: (v) => ({ foreign: { id: v.trunk }, missing: { id: missing('trunk') }, body: { name: 'taken over' } }),
  deleteTrunk: (v) => ({ foreign: { id: v.trunk }, missing: { id: missing('trunk') } }),
  createTestCall: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') }, body: {} }),
  setRegistrar: (v) => ({
    foreign: { trunk_id: v.trunk },
    missing: { trunk_id: missing('trunk') },
    body: { uri: 'sip:198.51.100.7:5060', username: 'trunkline', password: 'made-there' },
  }),
  getRegistrar: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } }),
  removeRegistrar: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } }),
  getTestCall: (v) => ({ foreign: { id: v.testCall }, missing: { id: missing('testCall') } }),
  getConnectionSheet: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } }),
  downloadConnectionSheet: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } }),
  createCredential: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } }),
  listCredentials: (v) => ({ foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } }),
  revokeCredential: (v) => ({
    foreign: { trunk_id: v.trunk, id: v.credential },
    missing: { trunk_id: missing('trunk'), id: missing('credential') },
  }),
  rotateCredential: (v) => ({
    foreign: { trunk_id: v.trunk, id: v.credential },
    missing: { trunk_id: missing('trunk'), id: missing('credential') },
    body: {},
  }),
  getIpList: (v) => ({ foreign: { id: v.ipList }, missing: { id: missing('ipList') } }),
  updateIpList: (v) => ({ foreign: { id: v.ipList }, missing: { id: missing('ipList') }, body: { networks: ['203.0.113.78'] } }),
  deleteIpList: (v) => ({ foreign: { id: v.ipList }, missing: { id: missing('ipList') } }),
  getCredentialList: (v) => ({ foreign: { id: v.credentialList }, missing: { id: missing('credentialList') } }),
  updateCredentialList: (v) => ({
    foreign: { id: v.credentialList },
    missing: { id: missing('credentialList') },
    body: { name: 'taken over' },
  }),
  deleteCredentialList: (v) => ({ foreign: { id: v.credentialList }, missing: { id: missing('credentialList') } }),
  createListCredential: (v) => listCredential(v, false),
  listListCredentials: (v) => listCredential(v, false),
  revokeListCredential: (v) => listCredential(v, true),
  rotateListCredential: (v) => ({ ...listCredential(v, true), body: {} }),
  getCall: (v) => ({ foreign: { id: v.cdr }, missing: { id: missing('cdr') } }),
  getNumber: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') } }),
  updateNumber: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') }, body: { external_reference: 'taken over' } }),
  releaseNumber: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') } }),
  restoreNumber: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') } }),
  listNumberHistory: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') } }),
  getNumberJob: (v) => ({ foreign: { id: v.numberJob }, missing: { id: missing('numberJob') } }),
  listNumberJobItems: (v) => ({ foreign: { id: v.numberJob }, missing: { id: missing('numberJob') } }),
  getNumberOrder: (v) => ({ foreign: { id: v.numberOrder }, missing: { id: missing('numberOrder') } }),
  updateNumberOrder: (v) => ({
    foreign: { id: v.numberOrder },
    missing: { id: missing('numberOrder') },
    body: { regulatory_bundle_id: v.regulatoryBundle },
  }),
  getRegulatoryBundle: (v) => regulatoryBundle(v),
  updateRegulatoryBundle: (v) => regulatoryBundle(v, { name: 'taken over' }),
  getRegulatoryEvaluation: (v) => regulatoryBundle(v),
  submitRegulatoryBundle: (v) => regulatoryBundle(v),
  cancelNumberOrder: (v) => ({ foreign: { id: v.numberOrder }, missing: { id: missing('numberOrder') } }),
  getInboundGroup: (v) => ({ foreign: { id: v.inboundGroup }, missing: { id: missing('inboundGroup') } }),
  updateInboundGroup: (v) => ({ foreign: { id: v.inboundGroup }, missing: { id: missing('inboundGroup') }, body: { name: 'taken over' } }),
  deleteInboundGroup: (v) => ({ foreign: { id: v.inboundGroup }, missing: { id: missing('inboundGroup') } }),
  getInboundSchedule: (v) => ({ foreign: { id: v.inboundSchedule }, missing: { id: missing('inboundSchedule') } }),
  updateInboundSchedule: (v) => ({
    foreign: { id: v.inboundSchedule },
    missing: { id: missing('inboundSchedule') },
    body: { name: 'taken over' },
  }),
  deleteInboundSchedule: (v) => ({ foreign: { id: v.inboundSchedule }, missing: { id: missing('inboundSchedule') } }),
  getNumberRouting: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') } }),
  setNumberRouting: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') }, body: NO_ROUTING }),
  getVerifiedNumber: (v) => verifiedNumber(v),
  confirmVerification: (v) => verifiedNumber(v, { code: '123456' }),
  resendVerification: (v) => verifiedNumber(v),
  revokeVerification: (v) => verifiedNumber(v),
  getEmergencyAddress: (v) => ({ foreign: { id: v.emergencyAddress }, missing: { id: missing('emergencyAddress') } }),
  deleteEmergencyAddress: (v) => ({ foreign: { id: v.emergencyAddress }, missing: { id: missing('emergencyAddress') } }),
  getEmergencyRegistration: (v) => ofNumber(v),
  registerEmergencyAddress: (v) => ofNumber(v, { address_id: v.emergencyAddress }),
  deregisterEmergencyAddress: (v) => ofNumber(v),
  signEmergencyWaiver: (v) => ofNumber(v, { signed_by: 'Taken over', statement: 'none' }),
  withdrawEmergencyWaiver: (v) => ofNumber(v),
  getCallerName: (v) => ofNumber(v),
  requestCallerName: (v) => ofNumber(v, { name: 'TAKEN OVER' }),
  removeCallerName: (v) => ofNumber(v),
  getPortProject: (v) => ({ foreign: { id: v.portProject }, missing: { id: missing('portProject') } }),
  checkPortProject: (v) => ({ foreign: { id: v.portProject }, missing: { id: missing('portProject') } }),
  submitPortProject: (v) => ({ foreign: { id: v.portProject }, missing: { id: missing('portProject') }, body: {} }),
  getPortOrder: (v) => portOrder(v),
  getPortOrderHistory: (v) => portOrder(v),
  listPortOrderNotes: (v) => portOrder(v),
  addPortOrderNote: (v) => portOrder(v, { text: 'taken over' }),
  listPortOutNotes: (v) => portOut(v),
  addPortOutNote: (v) => portOut(v, { text: 'taken over' }),
  updatePortOrder: (v) => portOrder(v, { fields: { account_number: 'taken over' } }),
  resubmitPortOrder: (v) => portOrder(v),
  reschedulePortOrder: (v) => portOrder(v, { requested_foc_at: '2030-01-01T00:00:00Z' }),
  cancelPortOrder: (v) => portOrder(v),
  activatePortOrder: (v) => portOrder(v),
  reversePortOrder: (v) => portOrder(v, { reason: 'taken over' }),
  getPortOut: (v) => portOut(v),
  getPortOutHistory: (v) => portOut(v),
  authorizePortOut: (v) => portOut(v),
  rejectPortOut: (v) => portOut(v, { reason: 'NAME_MISMATCH', evidence: 'taken over' }),
  disputePortOut: (v) => portOut(v, { reason: 'taken over' }),
  getPortOutProtection: (v) => ofNumber(v),
  updatePortOutProtection: (v) => ofNumber(v, { locked: true }),
  addPortDocument: (v) => portOrder(v, Buffer.from('%PDF-1.7')),
  getPortLetter: (v) => portOrder(v),
  signPortLetter: (v) => portOrder(v, { signer_name: 'Taken Over', numbers_sha256: '0'.repeat(64) }),
  createPortShareLink: (v) => portOrder(v, {}),
  listPortShareLinks: (v) => portOrder(v),
  downloadPortDocument: (v) => ({ foreign: { id: v.portDocument }, missing: { id: missing('portDocument') } }),
  deletePortDocument: (v) => ({ foreign: { id: v.portDocument }, missing: { id: missing('portDocument') } }),
  revokePortShareLink: (v) => ({ foreign: { id: v.portShareLink }, missing: { id: missing('portShareLink') } }),
  getInvoice: (v) => ({ foreign: { id: v.invoice }, missing: { id: missing('invoice') } }),
  payInvoice: (v) => ({ foreign: { id: v.invoice }, missing: { id: missing('invoice') } }),
  getCallExport: (v) => ({ foreign: { id: v.callExport }, missing: { id: missing('callExport') } }),
  downloadCallExport: (v) => ({ foreign: { id: v.callExport }, missing: { id: missing('callExport') } }),
  getWebhookEndpoint: (v) => webhookEndpoint(v),
  updateWebhookEndpoint: (v) => webhookEndpoint(v, { url: 'https://stranger.example/' }),
  deleteWebhookEndpoint: (v) => webhookEndpoint(v),
  enableWebhookEndpoint: (v) => webhookEndpoint(v),
  disableWebhookEndpoint: (v) => webhookEndpoint(v),
  rotateWebhookSecret: (v) => webhookEndpoint(v, {}),
  pingWebhookEndpoint: (v) => webhookEndpoint(v),
  replayWebhooks: (v) => webhookEndpoint(v, { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }),
  getWebhookDelivery: (v) => ({ foreign: { id: v.webhookDelivery }, missing: { id: missing('webhookDelivery') } }),
  replayWebhookDelivery: (v) => ({ foreign: { id: v.webhookDelivery }, missing: { id: missing('webhookDelivery') } }),
  listCreditNotes: (v) => ({ foreign: { id: v.invoice }, missing: { id: missing('invoice') } }),
  getMember: (v) => ({ foreign: { id: v.member }, missing: { id: missing('member') } }),
  updateMember: (v) => ({ foreign: { id: v.member }, missing: { id: missing('member') }, body: { role: 'noc' } }),
  resetSecondFactor: (v) => ({ foreign: { id: v.member }, missing: { id: missing('member') } }),
  removeMember: (v) => ({ foreign: { id: v.member }, missing: { id: missing('member') } }),
  revokeInvitation: (v) => ({ foreign: { id: v.invitation }, missing: { id: missing('invitation') } }),
  getChannelOrder: (v) => ({ foreign: { id: v.channelOrder }, missing: { id: missing('channelOrder') } }),
  getChannelPool: (v) => ({ foreign: { id: v.channelPool }, missing: { id: missing('channelPool') } }),
  getChannelGroup: (v) => ({ foreign: { id: v.channelGroup }, missing: { id: missing('channelGroup') } }),
  updateChannelGroup: (v) => ({ foreign: { id: v.channelGroup }, missing: { id: missing('channelGroup') }, body: { name: 'taken over' } }),
  deleteChannelGroup: (v) => ({ foreign: { id: v.channelGroup }, missing: { id: missing('channelGroup') } }),
  getNumberChannels: (v) => ({ foreign: { id: v.number }, missing: { id: missing('number') } }),
  updateNumberChannels: (v) => ({
    foreign: { id: v.number },
    missing: { id: missing('number') },
    body: { channel_caps: { both: 1, inbound: null, outbound: null } },
  }),
  getTrunkChannels: (v) => ({ foreign: { id: v.trunk }, missing: { id: missing('trunk') } }),
  updateTrunkChannels: (v) => ({ foreign: { id: v.trunk }, missing: { id: missing('trunk') }, body: { group_id: null } }),
  getTopUp: (v) => ({ foreign: { id: v.topUp }, missing: { id: missing('topUp') } }),
};

/** Ids inside bodies: pointing at another tenant's resource must look like pointing at none. */
const bodies: Record<string, BodyCase> = {
  createTenant: async (v) => {
    const body = (parent_id: string) => ({ name: 'Planted', country: 'US', currency: 'USD', parent_id });
    return { method: 'POST', url: '/v1/tenants', foreign: body(v.id), missing: body(missing('tenant')) };
  },
  assignPlan: async (v) => {
    const body = (tenant_id: string) => ({ tenant_id, plan_id: v.plan });
    return { method: 'POST', url: '/v1/plan-assignments', foreign: body(v.id), missing: body(missing('tenant')) };
  },
  allowResale: async (v) => {
    const body = (tenant_id: string) => ({ tenant_id, plan_id: v.plan });
    return { method: 'POST', url: '/v1/resale-plans', foreign: body(v.id), missing: body(missing('tenant')) };
  },
  createTrunk: async (v) => {
    const body = (ip_list_id: string, credential_list_id: string) => ({
      ...{ name: 'planted', country: 'US', channels_max: 1 },
      ...{ ip_list_ids: [ip_list_id], credential_list_ids: [credential_list_id] },
    });
    const none = body(missing('ipList'), missing('credentialList'));
    return { method: 'POST', url: '/v1/trunks', foreign: body(v.ipList, v.credentialList), missing: none };
  },
  updateTrunk: async (v, stranger) => {
    const { body: own } = await stranger('POST', '/v1/trunks', { name: 'own', country: 'US', channels_max: 1 });
    const body = (id: string) => ({ credential_list_ids: [id] });
    return { method: 'PATCH', url: `/v1/trunks/${own.id}`, foreign: body(v.credentialList), missing: body(missing('credentialList')) };
  },
  orderNumber: async (v) => {
    const body = (trunk_id: string) => ({ number: '+12025550143', trunk_id });
    return { method: 'POST', url: '/v1/numbers', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  createNumberOrder: async (v) => {
    const body = (trunk_id: string) => ({ numbers: ['+12025550143'], trunk_id });
    return { method: 'POST', url: '/v1/number-orders', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  createChannelGroup: async (v) => {
    const body = (pool_id: string) => ({ pool_id, name: 'Strange', shared_channels: 0 });
    return { method: 'POST', url: '/v1/channel-groups', foreign: body(v.channelPool), missing: body(missing('channelPool')) };
  },
  updateTrunkChannels: async (v, stranger) => {
    const { body: own } = await stranger('POST', '/v1/trunks', { name: 'Strange', country: 'US', channels_max: 1 });
    const body = (group_id: string) => ({ group_id });
    return { method: 'PATCH', url: `/v1/trunks/${own.id}/channels`, foreign: body(v.channelGroup), missing: body(missing('channelGroup')) };
  },
  createInboundGroup: async (v) => {
    const body = (trunk_id: string) => ({ name: 'planted', targets: [{ trunk_id }] });
    return { method: 'POST', url: '/v1/inbound-groups', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  createInboundSchedule: async (v) => {
    const body = (otherwise_group_id: string) => ({ name: 'planted', time_zone: 'UTC', otherwise_group_id });
    return { method: 'POST', url: '/v1/inbound-schedules', foreign: body(v.inboundGroup), missing: body(missing('inboundGroup')) };
  },
  setDisasterPlan: async (v) => {
    const body = (inbound_group_id: string) => ({ inbound_group_id });
    return { method: 'PUT', url: '/v1/disaster-plan', foreign: body(v.inboundGroup), missing: body(missing('inboundGroup')) };
  },
  simulateCall: async (v) => {
    const body = (trunk_id: string) => ({ trunk_id, from: '100', to: '200' });
    return { method: 'POST', url: '/v1/call-simulations', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  startVerification: async (v) => {
    const body = (document_id: string) => ({ number: '+13105550143', method: 'document', document_id });
    return { method: 'POST', url: '/v1/verified-numbers', foreign: body(v.kycDocument), missing: body(missing('kycDocument')) };
  },
  createPortProject: async (v) => {
    const body = (trunk_id: string) => ({ numbers: ['+12025550188'], trunk_id });
    return { method: 'POST', url: '/v1/port-projects', foreign: body(v.trunk), missing: body(missing('trunk')) };
  },
  updateNumber: async (v, stranger) => {
    const { body: own } = await stranger('POST', '/v1/numbers', { number: '+12025550143' });
    return { method: 'PATCH', url: `/v1/numbers/${own.id}`, foreign: { trunk_id: v.trunk }, missing: { trunk_id: missing('trunk') } };
  },
};

export const CASES = { paths, bodies };
