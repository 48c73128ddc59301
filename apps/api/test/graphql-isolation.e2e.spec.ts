import { newId, toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';
import { getNamedType, isInputObjectType, isObjectType } from 'graphql';
import type { GraphQLInputType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { ask, needsNothing, rootFields, schemaOf, selectionOf, written } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { makeVictim } from './victim.ts';
import type { Victim } from './victim.ts';

let api: ApiHarness;
let victim: Victim;
let schema: GraphQLSchema;

const RELATIONS = ['child’s', 'sibling’s', 'parent’s', 'stranger’s'] as const;
type Relation = (typeof RELATIONS)[number];
/** Who asks, and what is its own. */
type Asker = { readonly call: Call; readonly trunk: string; readonly number: string };
/** To this one, what the victim has is its … */
let asking: Record<Relation, Asker>;

const asker = async (place: { readonly parent_id?: string }, number: string): Promise<Asker & { readonly id: string }> => {
  const { id, call } = await api.tenant(`Asker ${number}`, undefined, { allotment: { tenants: 5 }, ...place });
  const { body: trunk } = await call('POST', '/v1/trunks', { name: 'strange', country: 'US', channels_max: 1 });
  return { id, call, trunk: trunk.id, number: (await call('POST', '/v1/numbers', { number })).body.id };
};
beforeAll(async () => {
  api = await ApiHarness.start();
  const numbers = ['+12025550144', '+12025550145', '+12025550146', '+12025550147', '+12025550148'] as const;
  await api.operator('POST', '/v1/number-imports', ['number', ...numbers, ''].join('\n'));
  const reseller = await asker({}, numbers[1]);
  victim = await makeVictim(api, { allotment: { tenants: 5 }, parent_id: reseller.id });
  asking = {
    'child’s': reseller,
    'sibling’s': await asker({ parent_id: reseller.id }, numbers[2]),
    'parent’s': await asker({ parent_id: victim.id }, numbers[3]),
    'stranger’s': await asker({}, numbers[4]),
  };
  schema = schemaOf(api);
});
afterAll(() => api?.stop());

const missing = (kind: IdKind) => toPublicId(kind, newId());
type Case = {
  readonly query: string;
  readonly foreign: (v: Victim) => string;
  readonly kind: IdKind;
  /** What a stranger gets; a filter finds nothing without complaint. */
  readonly code: 'resource.not_found' | 'auth.operator_only' | undefined;
  /** What only a tenant above sees: a tenant is not below itself. */
  readonly fromAbove?: true;
};
const theOne = (field: string, foreign: Case['foreign'], kind: IdKind, code: Case['code'] = 'resource.not_found'): Case => ({
  query: `query($id: ID!) { it: ${field}(id: $id) { id } }`,
  foreign,
  kind,
  code,
});
const filter = (list: string, arg = 'trunkId', foreign: Case['foreign'] = (v) => v.trunk, kind: IdKind = 'trunk'): Case => ({
  query: `query($id: ID!) { it: ${list}(${arg}: $id) { nodes { id } } }`,
  foreign,
  kind,
  code: undefined,
});
const operatorFilter = (list: string, arg: string, kind: IdKind): Case => ({
  query: `query($id: ID!) { it: ${list}(${arg}: $id) { nodes { id } } }`,
  foreign: (v) => (kind === 'tenant' ? v.id : missing(kind)),
  kind,
  code: 'auth.operator_only',
});

/** One case for each argument that takes an id. One without a case fails the suite. */
const CASES: Record<string, Case> = {
  'Query.trunk(id)': theOne('trunk', (v) => v.trunk, 'trunk'),
  'Query.testCall(id)': theOne('testCall', (v) => v.testCall, 'testCall'),
  'Query.testCalls(trunkId)': filter('testCalls'),
  'Query.ipList(id)': theOne('ipList', (v) => v.ipList, 'ipList'),
  'Query.credentialList(id)': theOne('credentialList', (v) => v.credentialList, 'credentialList'),
  'Query.number(id)': theOne('number', (v) => v.number, 'number'),
  'Query.numberJob(id)': theOne('numberJob', (v) => v.numberJob, 'numberJob'),
  'Query.numberImport(id)': theOne('numberImport', () => missing('numberImport'), 'numberImport', 'auth.operator_only'),
  'Query.inboundGroup(id)': theOne('inboundGroup', (v) => v.inboundGroup, 'inboundGroup'),
  'Query.inboundSchedule(id)': theOne('inboundSchedule', (v) => v.inboundSchedule, 'inboundSchedule'),
  'Query.numberRouting(id)': {
    ...theOne('numberRouting', (v) => v.number, 'number'),
    query: 'query($id: ID!) { it: numberRouting(id: $id) { id: numberId } }',
  },
  'Query.verifiedNumber(id)': theOne('verifiedNumber', (v) => v.verifiedNumber, 'verifiedNumber'),
  'Query.emergencyAddress(id)': theOne('emergencyAddress', (v) => v.emergencyAddress, 'emergencyAddress'),
  'Query.emergencyRegistration(id)': {
    ...theOne('emergencyRegistration', (v) => v.number, 'number'),
    query: 'query($id: ID!) { it: emergencyRegistration(id: $id) { id: numberId } }',
  },
  'Query.registrar(id)': {
    ...theOne('registrar', (v) => v.trunk, 'trunk'),
    query: 'query($id: ID!) { it: registrar(id: $id) { id: trunkId } }',
  },
  'Query.callerName(id)': {
    ...theOne('callerName', (v) => v.number, 'number'),
    query: 'query($id: ID!) { it: callerName(id: $id) { id: numberId } }',
  },
  'Query.portProject(id)': theOne('portProject', (v) => v.portProject, 'portProject'),
  'Query.portOrder(id)': theOne('portOrder', (v) => v.portOrder, 'portOrder'),
  'Query.portOrders(projectId)': filter('portOrders', 'projectId', (v) => v.portProject, 'portProject'),
  'Query.portOut(id)': theOne('portOut', (v) => v.portOut, 'portOut'),
  'Query.portOutProtection(id)': {
    ...theOne('portOutProtection', (v) => v.number, 'number'),
    query: 'query($id: ID!) { it: portOutProtection(id: $id) { id: numberId } }',
  },
  'Query.call(id)': theOne('call', (v) => v.cdr, 'cdr'),
  'Query.invoice(id)': theOne('invoice', (v) => v.invoice, 'invoice'),
  'Query.channelPool(id)': theOne('channelPool', (v) => v.channelPool, 'channelPool'),
  'Query.channelOrder(id)': theOne('channelOrder', (v) => v.channelOrder, 'channelOrder'),
  'Query.channelGroup(id)': theOne('channelGroup', (v) => v.channelGroup, 'channelGroup'),
  'Query.numberChannels(id)': {
    ...theOne('numberChannels', (v) => v.number, 'number'),
    query: 'query($id: ID!) { it: numberChannels(id: $id) { id: numberId } }',
  },
  'Query.trunkChannels(id)': {
    ...theOne('trunkChannels', (v) => v.trunk, 'trunk'),
    query: 'query($id: ID!) { it: trunkChannels(id: $id) { id: trunkId } }',
  },
  'Query.edge(id)': theOne('edge', () => missing('edge'), 'edge', 'auth.operator_only'),
  'Query.carrier(id)': theOne('carrier', () => missing('carrier'), 'carrier', 'auth.operator_only'),
  'Query.numbers(trunkId)': filter('numbers'),
  'Query.calls(trunkId)': filter('calls'),
  'Query.numberOrder(id)': theOne('numberOrder', (v) => v.numberOrder, 'numberOrder'),
  'Query.member(id)': theOne('member', (v) => v.member, 'member'),
  'Query.operatorMember(id)': theOne('operatorMember', () => missing('member'), 'member', 'auth.operator_only'),
  'Query.topUp(id)': theOne('topUp', (v) => v.topUp, 'topUp'),
  'Query.callExport(id)': theOne('callExport', (v) => v.callExport, 'callExport'),
  'Query.webhookEndpoint(id)': theOne('webhookEndpoint', (v) => v.webhookEndpoint, 'webhookEndpoint'),
  'Query.webhookDelivery(id)': theOne('webhookDelivery', (v) => v.webhookDelivery, 'webhookDelivery'),
  'Query.webhookDeliveries(endpointId)': filter('webhookDeliveries', 'endpointId', (v) => v.webhookEndpoint, 'webhookEndpoint'),
  'Query.auditEntries(resourceId)': filter('auditEntries', 'resourceId'),
  'Query.auditEntries(actorId)': filter('auditEntries', 'actorId', (v) => v.apiKey, 'apiKey'),
  'Query.auditEntries(requestId)': filter('auditEntries', 'requestId', () => missing('request'), 'request'),
  'Query.tenant(id)': { ...theOne('tenant', (v) => v.id, 'tenant'), fromAbove: true },
  'Query.tenantHome(id)': {
    ...theOne('tenantHome', (v) => v.id, 'tenant', 'auth.operator_only'),
    query: 'query($id: ID!) { it: tenantHome(id: $id) { tenantId } }',
  },
  'Query.deck(id)': theOne('deck', () => missing('deck'), 'deck', 'auth.operator_only'),
  'Query.cdrIssue(id)': theOne('cdrIssue', () => missing('cdrIssue'), 'cdrIssue', 'auth.operator_only'),
  'Query.cdrIssues(edgeId)': operatorFilter('cdrIssues', 'edgeId', 'edge'),
  'Query.planAssignments(tenantId)': { ...filter('planAssignments', 'tenantId', (v) => v.id, 'tenant'), fromAbove: true },
  'Query.unratedCalls(tenantId)': operatorFilter('unratedCalls', 'tenantId', 'tenant'),
  'Query.platformAuditEntries(resourceId)': operatorFilter('platformAuditEntries', 'resourceId', 'edge'),
  'Query.platformAuditEntries(actorId)': operatorFilter('platformAuditEntries', 'actorId', 'operatorKey'),
  'Query.platformAuditEntries(requestId)': operatorFilter('platformAuditEntries', 'requestId', 'request'),
  'Query.platformAuditEntries(tenantId)': operatorFilter('platformAuditEntries', 'tenantId', 'tenant'),
};

type Change = {
  readonly query: string;
  readonly foreign: (v: Victim) => Record<string, string>;
  readonly kind: IdKind;
  readonly code?: string;
  /** What only a tenant above does: a tenant is not below itself. */
  readonly fromAbove?: true;
};
const change = (
  field: string,
  foreign: (v: Victim) => string,
  kind: IdKind,
  input = '',
  selection = '{ __typename }',
  code?: string,
): Change => ({
  query: `mutation($id: ID!) { it: ${field}(id: $id${input && `, input: ${input}`}) ${selection} }`,
  foreign: (v) => ({ id: foreign(v) }),
  kind,
  ...(code === undefined ? {} : { code }),
});
const ofStaff = (field: string, kind: IdKind, input = '', selection?: string) =>
  change(field, () => missing(kind), kind, input, selection, 'auth.operator_only');
/** What somebody who is logged in does to their own; a key is nobody. */
const ofPerson = (field: string, kind: IdKind) => change(field, () => missing(kind), kind, '', '', 'auth.person_only');
/** What is changed of a number that is named by another argument than `id`. */
const ofNumber = (field: string, input = ''): Change => ({
  query: `mutation($id: ID!) { it: ${field}(numberId: $id${input && `, input: ${input}`}) { __typename } }`,
  foreign: (v) => ({ id: v.number }),
  kind: 'number',
});
const endpoint = (field: string, input = '', selection?: string) =>
  change(field, (v) => v.webhookEndpoint, 'webhookEndpoint', input, selection);
const ofListCredential = (field: string): Change => ({
  query: `mutation($id: ID!, $list: ID!) { it: ${field}(credentialListId: $list, id: $id) { __typename } }`,
  foreign: (v) => ({ id: v.listCredential, list: v.credentialList }),
  kind: 'credential',
});
const created = (list: 'ipList' | 'credentialList'): Change => ({
  query: `mutation($id: ID!) { it: createTrunk(input: { name: "of-${list}", country: "US", channelsMax: 1, techPrefix: "7${list.length}", ${list}Ids: [$id] }) { id } }`,
  foreign: (v) => ({ id: v[list] }),
  kind: list,
  code: 'request.invalid',
});
const updated = (list: 'ipList' | 'credentialList'): Change => ({
  query: `mutation($id: ID!, $trunkId: ID!) { it: updateTrunk(id: $trunkId, input: { techPrefix: "8#", ${list}Ids: [$id] }) { id } }`,
  foreign: (v) => ({ id: v[list], trunkId: v.trunk }),
  kind: list,
});
const ofCredential = (field: string, trunkId: string): Change => ({
  query: `mutation($id: ID!, $trunkId: ID!) { it: ${field}(trunkId: ${trunkId}, id: $id) { __typename } }`,
  foreign: (v) => ({ id: v.credential, trunkId: v.trunk }),
  kind: 'credential',
});

/** An id inside the input of a mutation. */
const within = (mutation: string, foreign: (v: Victim) => string, kind: IdKind, code = 'request.invalid'): Change => ({
  query: `mutation($id: ID!) { it: ${mutation} { __typename } }`,
  foreign: (v) => ({ id: foreign(v) }),
  kind,
  code,
});
const groupOf = (v: Victim): string => v.inboundGroup;
const newSchedule = (name: string, fields: string) =>
  within(`createInboundSchedule(input: { name: "${name}", timeZone: "UTC", ${fields} })`, groupOf, 'inboundGroup');
const scheduleChange = (fields: string): Change => ({
  query: `mutation($id: ID!, $schedule: ID!) { it: updateInboundSchedule(id: $schedule, input: { ${fields} }) { __typename } }`,
  foreign: (v) => ({ id: v.inboundGroup, schedule: v.inboundSchedule }),
  kind: 'inboundGroup',
});
const routing = (group: string, schedule: string, disaster: string, foreign: (v: Victim) => string, kind: IdKind): Change => ({
  query: `mutation($id: ID!, $own: ID!) { it: setNumberRouting(id: $own, input: { inboundGroupId: ${group}, inboundScheduleId: ${schedule}, disasterGroupId: ${disaster} }) { __typename } }`,
  foreign: (v) => ({ id: foreign(v) }),
  kind,
  code: 'request.invalid',
});
const RULE = 'weekdays: [monday], from: "09:00", to: "10:00", inboundGroupId: $id';
const HOLIDAY = 'date: "2026-12-25", inboundGroupId: $id';
const CALL = 'from: "100", to: "200"';

/** One for each argument of a mutation that takes an id, in an order in which the owner can do them all. */
const CHANGES: Record<string, Change> = {
  'Mutation.updateTrunk(id)': change('updateTrunk', (v) => v.trunk, 'trunk', '{ channelsMax: 2 }'),
  'Mutation.createTrunk(input.ipListIds)': created('ipList'),
  'Mutation.createTrunk(input.credentialListIds)': created('credentialList'),
  'Mutation.updateTrunk(input.ipListIds)': updated('ipList'),
  'Mutation.updateTrunk(input.credentialListIds)': updated('credentialList'),
  'Mutation.updateIpList(id)': change('updateIpList', (v) => v.ipList, 'ipList', '{ name: "mine" }'),
  'Mutation.updateCredentialList(id)': change('updateCredentialList', (v) => v.credentialList, 'credentialList', '{ name: "mine" }'),
  'Mutation.createListCredential(credentialListId)': {
    query: 'mutation($id: ID!) { it: createListCredential(credentialListId: $id) { password } }',
    foreign: (v) => ({ id: v.credentialList }),
    kind: 'credentialList',
  },
  'Mutation.rotateListCredential(id)': ofListCredential('rotateListCredential'),
  'Mutation.rotateListCredential(credentialListId)': ofListCredential('rotateListCredential'),
  'Mutation.revokeListCredential(id)': ofListCredential('revokeListCredential'),
  'Mutation.revokeListCredential(credentialListId)': ofListCredential('revokeListCredential'),
  'Mutation.deleteIpList(id)': change('deleteIpList', (v) => v.spareIpList, 'ipList', '', ''),
  'Mutation.deleteCredentialList(id)': change('deleteCredentialList', (v) => v.spareCredentialList, 'credentialList', '', ''),
  'Mutation.createTestCall(trunkId)': {
    query: 'mutation($id: ID!) { it: createTestCall(trunkId: $id, input: {}) { id } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
  },
  'Mutation.setRegistrar(trunkId)': {
    query:
      'mutation($id: ID!) { it: setRegistrar(trunkId: $id, input: { uri: "sip:pbx.example", username: "a", password: "b" }) { trunkId } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
  },
  'Mutation.removeRegistrar(trunkId)': {
    query: 'mutation($id: ID!) { it: removeRegistrar(trunkId: $id) }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
  },
  'Mutation.createCredential(trunkId)': {
    query: 'mutation($id: ID!) { it: createCredential(trunkId: $id) { password } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
  },
  'Mutation.rotateCredential(id)': ofCredential('rotateCredential', '$trunkId'),
  'Mutation.rotateCredential(trunkId)': ofCredential('rotateCredential', '$trunkId'),
  'Mutation.revokeCredential(id)': ofCredential('revokeCredential', '$trunkId'),
  'Mutation.revokeCredential(trunkId)': ofCredential('revokeCredential', '$trunkId'),
  'Mutation.orderNumber(input.trunkId)': {
    query: 'mutation($id: ID!) { it: orderNumber(input: { number: "+12025550144", trunkId: $id }) { id } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
    code: 'request.invalid',
  },
  'Mutation.updateNumber(input.trunkId)': {
    query: 'mutation($id: ID!, $own: ID!) { it: updateNumber(id: $own, input: { trunkId: $id }) { id } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
    code: 'request.invalid',
  },
  'Mutation.updateNumber(id)': change('updateNumber', (v) => v.number, 'number', '{ externalReference: "mine" }'),
  'Mutation.createNumberOrder(input.trunkId)': {
    query: 'mutation($id: ID!) { it: createNumberOrder(input: { numbers: ["+12025550144"], trunkId: $id }) { id } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
    code: 'request.invalid',
  },
  'Mutation.createNumberOrder(input.regulatoryBundleId)': {
    query: 'mutation($id: ID!) { it: createNumberOrder(input: { numbers: ["+12025550144"], regulatoryBundleId: $id }) { id } }',
    foreign: (v) => ({ id: v.regulatoryBundle }),
    kind: 'regulatoryBundle',
    code: 'request.invalid',
  },
  'Mutation.cancelNumberOrder(id)': change('cancelNumberOrder', (v) => v.numberOrder, 'numberOrder'),
  'Mutation.orderChannels(input.offerId)': {
    query: 'mutation($id: ID!) { it: orderChannels(input: { offerId: $id, channels: 3 }) { id } }',
    foreign: (v) => ({ id: v.channelOffer }),
    kind: 'channelOffer',
    code: 'none', // an offer is everybody's
  },
  'Mutation.createChannelGroup(input.poolId)': {
    query: 'mutation($id: ID!) { it: createChannelGroup(input: { poolId: $id, name: "new", sharedChannels: 0 }) { id } }',
    foreign: (v) => ({ id: v.channelPool }),
    kind: 'channelPool',
    code: 'request.invalid',
  },
  'Mutation.updateChannelGroup(id)': change('updateChannelGroup', (v) => v.channelGroup, 'channelGroup', '{ name: "mine" }'),
  'Mutation.updateNumberChannels(id)': change('updateNumberChannels', (v) => v.number, 'number', '{ dedicatedChannels: 0 }'),
  'Mutation.updateNumberChannels(input.poolId)': {
    query: 'mutation($id: ID!, $own: ID!) { it: updateNumberChannels(id: $own, input: { poolId: $id }) { numberId } }',
    foreign: (v) => ({ id: v.channelPool }),
    kind: 'channelPool',
    code: 'request.invalid',
  },
  'Mutation.updateNumberChannels(input.groupId)': {
    query: 'mutation($id: ID!, $own: ID!) { it: updateNumberChannels(id: $own, input: { groupId: $id }) { numberId } }',
    foreign: (v) => ({ id: v.channelGroup }),
    kind: 'channelGroup',
    code: 'request.invalid',
  },
  'Mutation.updateTrunkChannels(id)': change('updateTrunkChannels', (v) => v.trunk, 'trunk', '{ groupId: null }'),
  'Mutation.updateTrunkChannels(input.groupId)': {
    query: 'mutation($id: ID!, $ownTrunk: ID!) { it: updateTrunkChannels(id: $ownTrunk, input: { groupId: $id }) { trunkId } }',
    foreign: (v) => ({ id: v.channelGroup }),
    kind: 'channelGroup',
    code: 'request.invalid',
  },
  'Mutation.createInboundGroup(input.targets.trunkId)': within(
    'createInboundGroup(input: { name: "of the graph", targets: [{ trunkId: $id }] })',
    (v) => v.trunk,
    'trunk',
  ),
  'Mutation.updateInboundGroup(id)': change('updateInboundGroup', groupOf, 'inboundGroup', '{ strategy: ring_all }'),
  'Mutation.updateInboundGroup(input.targets.trunkId)': {
    query: 'mutation($id: ID!, $group: ID!) { it: updateInboundGroup(id: $group, input: { targets: [{ trunkId: $id }] }) { __typename } }',
    foreign: (v) => ({ id: v.trunk, group: v.inboundGroup }),
    kind: 'trunk',
  },
  'Mutation.createInboundSchedule(input.otherwiseGroupId)': newSchedule('otherwise', 'otherwiseGroupId: $id'),
  'Mutation.createInboundSchedule(input.rules.inboundGroupId)': newSchedule('rule', `rules: [{ ${RULE} }]`),
  'Mutation.createInboundSchedule(input.holidays.inboundGroupId)': newSchedule('holiday', `holidays: [{ ${HOLIDAY} }]`),
  'Mutation.updateInboundSchedule(id)': change('updateInboundSchedule', (v) => v.inboundSchedule, 'inboundSchedule', '{ timeZone: "UTC" }'),
  'Mutation.updateInboundSchedule(input.otherwiseGroupId)': scheduleChange('otherwiseGroupId: $id'),
  'Mutation.updateInboundSchedule(input.rules.inboundGroupId)': scheduleChange(`rules: [{ ${RULE} }]`),
  'Mutation.updateInboundSchedule(input.holidays.inboundGroupId)': scheduleChange(`holidays: [{ ${HOLIDAY} }]`),
  'Mutation.setNumberRouting(id)': change(
    'setNumberRouting',
    (v) => v.number,
    'number',
    '{ inboundGroupId: null, inboundScheduleId: null, disasterGroupId: null }',
  ),
  'Mutation.setNumberRouting(input.inboundGroupId)': routing('$id', 'null', 'null', groupOf, 'inboundGroup'),
  'Mutation.setNumberRouting(input.inboundScheduleId)': routing('null', '$id', 'null', (v) => v.inboundSchedule, 'inboundSchedule'),
  'Mutation.setNumberRouting(input.disasterGroupId)': routing('null', 'null', '$id', groupOf, 'inboundGroup'),
  'Mutation.setDisasterPlan(input.inboundGroupId)': within('setDisasterPlan(input: { inboundGroupId: $id })', groupOf, 'inboundGroup'),
  'Mutation.simulateCall(input.trunkId)': within(`simulateCall(input: { trunkId: $id, ${CALL} })`, (v) => v.trunk, 'trunk'),
  'Mutation.simulateCall(input.callId)': within('simulateCall(input: { callId: $id })', (v) => v.cdr, 'cdr', 'resource.not_found'),
  'Mutation.deleteInboundGroup(id)': change('deleteInboundGroup', (v) => v.spareGroup, 'inboundGroup', '', ''),
  'Mutation.createCallExport(input.trunkId)': {
    query: 'mutation($id: ID!) { it: createCallExport(input: { trunkId: $id }) { state } }',
    foreign: (v) => ({ id: v.trunk }),
    kind: 'trunk',
    code: 'none',
  },
  'Mutation.startVerification(input.documentId)': {
    query: 'mutation($id: ID!) { it: startVerification(input: { number: "+13105550144", method: document, documentId: $id }) { id } }',
    foreign: (v) => ({ id: v.kycDocument }),
    kind: 'kycDocument',
    code: 'request.invalid',
  },
  'Mutation.confirmVerification(id)': change('confirmVerification', (v) => v.verifiedNumber, 'verifiedNumber', '{ code: "123456" }'),
  'Mutation.resendVerification(id)': change('resendVerification', (v) => v.verifiedNumber, 'verifiedNumber'),
  'Mutation.requestCallerName(numberId)': ofNumber('requestCallerName', '{ name: "STRANGE" }'),
  'Mutation.removeCallerName(numberId)': ofNumber('removeCallerName'),
  'Mutation.registerEmergencyAddress(numberId)': {
    query: 'mutation($id: ID!, $address: ID!) { it: registerEmergencyAddress(numberId: $id, input: { addressId: $address }) { state } }',
    foreign: (v) => ({ id: v.number }),
    kind: 'number',
  },
  'Mutation.registerEmergencyAddress(input.addressId)': {
    query: 'mutation($id: ID!, $own: ID!) { it: registerEmergencyAddress(numberId: $own, input: { addressId: $id }) { __typename } }',
    foreign: (v) => ({ id: v.emergencyAddress }),
    kind: 'emergencyAddress',
    code: 'request.invalid',
  },
  'Mutation.deregisterEmergencyAddress(numberId)': ofNumber('deregisterEmergencyAddress'),
  'Mutation.signEmergencyWaiver(numberId)': ofNumber('signEmergencyWaiver', '{ signedBy: "A", statement: "B" }'),
  'Mutation.withdrawEmergencyWaiver(numberId)': ofNumber('withdrawEmergencyWaiver'),
  'Mutation.revokeVerification(id)': change('revokeVerification', (v) => v.verifiedNumber, 'verifiedNumber'),
  'Mutation.payInvoice(id)': change('payInvoice', (v) => v.invoice, 'invoice'),
  'Mutation.updateWebhookEndpoint(id)': endpoint('updateWebhookEndpoint', '{ description: "mine" }'),
  'Mutation.rotateWebhookSecret(id)': endpoint('rotateWebhookSecret'),
  'Mutation.pingWebhookEndpoint(id)': endpoint('pingWebhookEndpoint'),
  'Mutation.replayWebhooks(id)': endpoint('replayWebhooks', '{ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }'),
  'Mutation.replayWebhookDelivery(id)': change('replayWebhookDelivery', (v) => v.webhookDelivery, 'webhookDelivery'),
  'Mutation.disableWebhookEndpoint(id)': endpoint('disableWebhookEndpoint'),
  'Mutation.enableWebhookEndpoint(id)': endpoint('enableWebhookEndpoint'),
  'Mutation.deleteWebhookEndpoint(id)': endpoint('deleteWebhookEndpoint', '', ''),
  'Mutation.checkPortProject(id)': change('checkPortProject', (v) => v.portProject, 'portProject'),
  'Mutation.createPortProject(input.trunkId)': within(
    'createPortProject(input: { numbers: ["+12025550188"], trunkId: $id })',
    (v) => v.trunk,
    'trunk',
  ),
  'Mutation.createPortProject(input.emergencyAddressId)': within(
    'createPortProject(input: { numbers: ["+12025550188"], emergencyAddressId: $id })',
    (v) => v.emergencyAddress,
    'emergencyAddress',
  ),
  'Mutation.deleteEmergencyAddress(id)': change('deleteEmergencyAddress', (v) => v.emergencyAddress, 'emergencyAddress', '', ''),
  'Mutation.submitPortProject(id)': change('submitPortProject', (v) => v.portProject, 'portProject'),
  'Mutation.updatePortOrder(id)': change('updatePortOrder', (v) => v.portOrder, 'portOrder', '{ pin: "4711" }'),
  'Mutation.reschedulePortOrder(id)': change(
    'reschedulePortOrder',
    (v) => v.portOrder,
    'portOrder',
    '{ requestedFocAt: "2030-01-01T00:00:00Z" }',
  ),
  'Mutation.reversePortOrder(id)': change('reversePortOrder', (v) => v.portOrder, 'portOrder', '{ reason: "mine" }'),
  'Mutation.addPortOrderNote(id)': change('addPortOrderNote', (v) => v.portOrder, 'portOrder', '{ text: "mine" }'),
  'Mutation.addPortOutNote(id)': change('addPortOutNote', (v) => v.portOut, 'portOut', '{ text: "mine" }'),
  'Mutation.authorizePortOut(id)': change('authorizePortOut', (v) => v.portOut, 'portOut'),
  'Mutation.rejectPortOut(id)': change('rejectPortOut', (v) => v.portOut, 'portOut', '{ reason: "NAME_MISMATCH", evidence: "mine" }'),
  'Mutation.settlePortOutDispute(id)': ofStaff('settlePortOutDispute', 'portOut', '{ outcome: upheld, reason: "mine" }'),
  'Mutation.disputePortOut(id)': change('disputePortOut', (v) => v.portOut, 'portOut', '{ reason: "mine" }'),
  'Mutation.updatePortOutProtection(id)': change('updatePortOutProtection', (v) => v.number, 'number', '{ locked: true }'),
  'Mutation.resubmitPortOrder(id)': change('resubmitPortOrder', (v) => v.portOrder, 'portOrder'),
  'Mutation.activatePortOrder(id)': change('activatePortOrder', (v) => v.portOrder, 'portOrder'),
  'Mutation.cancelPortOrder(id)': change('cancelPortOrder', (v) => v.portOrder, 'portOrder'),
  'Mutation.releaseNumber(id)': change('releaseNumber', (v) => v.number, 'number'),
  'Mutation.restoreNumber(id)': change('restoreNumber', (v) => v.number, 'number'),
  'Mutation.deleteChannelGroup(id)': change('deleteChannelGroup', (v) => v.channelGroup, 'channelGroup', '', ''),
  'Mutation.deleteInboundSchedule(id)': change('deleteInboundSchedule', (v) => v.inboundSchedule, 'inboundSchedule', '', ''),
  'Mutation.deleteTrunk(id)': change('deleteTrunk', (v) => v.trunk, 'trunk', '', ''),
  'Mutation.placeHold(id)': { ...change('placeHold', (v) => v.id, 'tenant', '{ kind: reseller, reason: "x" }'), fromAbove: true },
  'Mutation.liftHold(id)': { ...change('liftHold', (v) => v.id, 'tenant', '{ kind: reseller }'), fromAbove: true },
  'Mutation.updateMember(id)': change('updateMember', (v) => v.member, 'member', '{ role: read_only }'),
  'Mutation.resetSecondFactor(id)': change('resetSecondFactor', (v) => v.member, 'member'),
  'Mutation.removeMember(id)': change('removeMember', (v) => v.member, 'member', '', ''),
  'Mutation.revokeInvitation(id)': change('revokeInvitation', (v) => v.invitation, 'invitation'),
  'Mutation.updateOperatorMember(id)': ofStaff('updateOperatorMember', 'member', '{ role: read_only }'),
  'Mutation.resetOperatorSecondFactor(id)': ofStaff('resetOperatorSecondFactor', 'member'),
  'Mutation.removeOperatorMember(id)': ofStaff('removeOperatorMember', 'member', '', ''),
  'Mutation.revokeOperatorInvitation(id)': ofStaff('revokeOperatorInvitation', 'invitation'),
  'Mutation.revokeSession(id)': ofPerson('revokeSession', 'personSession'),
  'Mutation.revokeApiKey(id)': change('revokeApiKey', (v) => v.apiKey, 'apiKey'),
};

/** Fields that tell a tenant's parent. */
const ABOVE = ['tenant', 'viewer'];

/** Filters of subscriptions: they hear of nothing, see graphql-subscriptions.e2e.spec.ts. */
const HEARD = [
  'Subscription.trunkChanged(id)',
  'Subscription.numberChanged(id)',
  'Subscription.portOrderChanged(id)',
  'Subscription.invoiceChanged(id)',
  'Subscription.callCompleted(trunkId)',
];

/** The same for node(id), one case for each type that has a global id. */
const NODES: Record<string, Case> = {
  Tenant: theOne('node', (v) => v.id, 'tenant'),
  Trunk: theOne('node', (v) => v.trunk, 'trunk'),
  IpList: theOne('node', (v) => v.ipList, 'ipList'),
  CredentialList: theOne('node', (v) => v.credentialList, 'credentialList'),
  Number: theOne('node', (v) => v.number, 'number'),
  Call: theOne('node', (v) => v.cdr, 'cdr'),
  Invoice: theOne('node', (v) => v.invoice, 'invoice'),
  ChannelPool: theOne('node', (v) => v.channelPool, 'channelPool'),
  ChannelOrder: theOne('node', (v) => v.channelOrder, 'channelOrder'),
  ChannelGroup: theOne('node', (v) => v.channelGroup, 'channelGroup'),
  Edge: theOne('node', () => missing('edge'), 'edge', 'auth.operator_only'),
  Carrier: theOne('node', () => missing('carrier'), 'carrier', 'auth.operator_only'),
  Deck: theOne('node', () => missing('deck'), 'deck', 'auth.operator_only'),
  CdrIssue: theOne('node', () => missing('cdrIssue'), 'cdrIssue', 'auth.operator_only'),
  NumberOrder: theOne('node', (v) => v.numberOrder, 'numberOrder'),
  TopUp: theOne('node', (v) => v.topUp, 'topUp'),
  CallExport: theOne('node', (v) => v.callExport, 'callExport'),
  WebhookEndpoint: theOne('node', (v) => v.webhookEndpoint, 'webhookEndpoint'),
  WebhookDelivery: theOne('node', (v) => v.webhookDelivery, 'webhookDelivery'),
};

const objects = (): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter((t) => isObjectType(t) && !t.name.startsWith('__')) as GraphQLObjectType[];
/** Called so, but telephone numbers, or an id of the payment provider. */
const NO_ID = [
  'Query.calls(callerId)',
  'Mutation.createCallExport(input.callerId)',
  'Mutation.createTrunk(input.defaultCallerId)',
  'Mutation.updateTrunk(input.defaultCallerId)',
  'Mutation.setPaymentMethod(input.paymentMethodId)',
];
/** The ids in an argument, e.g. `id` or `input.trunkId`. */
const idsIn = (name: string, given: GraphQLInputType): string[] => {
  const type = getNamedType(given);
  if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((field) => idsIn(`${name}.${field.name}`, field.type));
  return type.name === 'ID' || /ids?$/i.test(name) ? [name] : [];
};
const idArguments = (): string[] =>
  objects().flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args
        .flatMap((arg) => idsIn(arg.name, arg.type))
        .map((arg) => `${type.name}.${field.name}(${arg})`)
        .filter((name) => !NO_ID.includes(name)),
    ),
  );

it('has a case for every argument that takes an id, and none too many', () => {
  const cases = ['Query.node(id)', ...Object.keys(CASES), ...Object.keys(CHANGES), ...HEARD];
  expect(cases.sort()).toEqual(idArguments().sort());
});

it('has a case for every type that node(id) finds, and none too many', () => {
  const found = schema.getPossibleTypes(schema.getType('Node') as never).map((type) => type.name);
  expect(Object.keys(NODES).sort()).toEqual([...found].sort());
});

const withoutPlace = ({ data, errors }: Awaited<ReturnType<typeof ask>>) => ({
  data,
  errors: errors.map(({ message, extensions: { request_id: _, ...rest } }: { message: string; extensions: Record<string, unknown> }) => ({
    message,
    rest,
  })),
});

it.each(RELATIONS)('answers a %s id exactly as a missing one, in every argument', async (relation) => {
  const { call } = asking[relation];
  const isSeen = ({ kind }: Case) => relation === 'child’s' && kind === 'tenant'; // that it is there, and what is kept of it for those above
  for (const [name, { query, foreign, kind, code }] of [...Object.entries(CASES), ...Object.entries(NODES)].filter(([, c]) => !isSeen(c))) {
    const other = await ask(call, query, { id: foreign(victim) });
    const none = await ask(call, query, { id: missing(kind) });
    expect([name, other.status, other.codes]).toEqual([name, 200, code ? [code] : []]);
    expect([name, other.data.it]).toEqual([name, code ? null : { nodes: [] }]);
    expect(withoutPlace(other)).toEqual(withoutPlace(none));
  }
});

it('shows its own to the victim by the same queries', async () => {
  for (const [name, { query, foreign, code }] of [...Object.entries(CASES), ...Object.entries(NODES)].filter(
    ([, c]) => c.code !== 'auth.operator_only' && !c.fromAbove,
  )) {
    const { data, errors } = await ask(victim.call, query, { id: foreign(victim) });
    expect([name, errors]).toEqual([name, []]);
    if (code) expect([name, data.it.id]).toEqual([name, foreign(victim)]);
  }
});

it.each(['sibling’s', 'parent’s', 'stranger’s'] as const)('lists nothing of a %s, in any field of the schema', async (relation) => {
  // a tenant knows who is above it, and no more
  const traces = (field: string) =>
    victim.traces.filter((trace) => !(relation === 'parent’s' && ABOVE.includes(field) && trace === victim.id));
  const fields = rootFields(schema).filter(needsNothing);
  expect(fields.length).toBeGreaterThan(10);
  for (const field of fields) {
    const { status, body } = await ask(asking[relation].call, `{ ${written(field)} ${selectionOf(getNamedType(field.type), 5)} }`);
    expect([field.name, status]).toEqual([field.name, 200]);
    for (const trace of traces(field.name))
      expect([field.name, JSON.stringify(body)]).toEqual([field.name, expect.not.stringContaining(trace)]);
  }
});

it('answers every field of the schema to the one it is for', async () => {
  const actingAs = { 'trunkline-tenant': victim.id };
  for (const field of rootFields(schema).filter((f) => needsNothing(f) && !['me', 'sessions'].includes(f.name))) {
    // a key is nobody
    const { errors, data } = await ask(api.operator, `{ ${written(field)} ${selectionOf(getNamedType(field.type), 5)} }`, {}, actingAs);
    expect([field.name, errors]).toEqual([field.name, []]);
    expect(data[field.name]).not.toBeNull();
  }
});

it('refuses every field but the viewer to a key without scopes', async () => {
  const { call } = await api.tenant('Narrow', ['numbers:write']); // nothing is read by it
  const open = ['viewer', 'webhookEventTypes'];
  for (const field of rootFields(schema).filter((f) => needsNothing(f) && !open.includes(f.name))) {
    const { data, codes } = await ask(call, `{ it: ${written(field)} ${selectionOf(getNamedType(field.type), 5)} }`);
    expect([field.name, data, codes.length]).toEqual([field.name, { it: null }, 1]);
    expect(['auth.scope_missing', 'auth.operator_only', 'auth.person_only']).toContain(codes[0]);
  }
  for (const [name, { query, foreign }] of [...Object.entries(CASES), ...Object.entries(NODES)]) {
    const { data, codes } = await ask(call, query, { id: foreign(victim) });
    expect([name, data.it]).toEqual([name, null]);
    expect(['auth.scope_missing', 'auth.operator_only']).toContain(codes[0]);
  }
  const { data, codes } = await ask(call, `{ viewer { kind scopes tenant { id } } }`);
  expect([data.viewer, codes]).toEqual([{ kind: 'tenant', scopes: ['numbers:write'], tenant: null }, ['auth.scope_missing']]);
});

describe('a mutation', () => {
  const changes = () => Object.entries(CHANGES);
  const own = ({ number, trunk }: Asker) => ({ own: number, ownTrunk: trunk, address: victim.emergencyAddress });
  const nothing = (kind: IdKind) => ({
    ...{ id: missing(kind), trunkId: missing('trunk'), group: missing('inboundGroup'), schedule: missing('inboundSchedule') },
    ...{ list: missing('credentialList') },
  });

  it.each(RELATIONS)('answers a %s id, a missing one and a malformed one alike, and changes nothing', async (relation) => {
    const { call } = asking[relation];
    const mine = own(asking[relation]);
    for (const [name, { query, foreign, kind, code = 'resource.not_found', fromAbove }] of changes()) {
      if (code === 'none' || (fromAbove && relation === 'child’s')) continue;
      const other = await ask(call, query, { ...foreign(victim), ...mine });
      expect([name, other.status, other.data, other.codes]).toEqual([name, 200, { it: null }, [code]]);
      expect([name, withoutPlace(await ask(call, query, { ...nothing(kind), ...mine }))]).toEqual([name, withoutPlace(other)]);
      const malformed = await ask(call, query, { id: 'x', trunkId: 'x', group: 'x', schedule: 'x', list: 'x', ...mine });
      expect([name, malformed.data]).toEqual([name, { it: null }]);
      expect([name, [code, 'request.invalid']]).toEqual([name, expect.arrayContaining(malformed.codes)]);
    }
    expect((await victim.call('GET', `/v1/trunks/${victim.trunk}`)).body.revision).toBe(1);
    expect((await victim.call('GET', `/v1/webhook-endpoints/${victim.webhookEndpoint}`)).body).toMatchObject({
      state: 'enabled',
      description: null,
    });
  });

  it('does not find another tenant’s credential by one’s own trunk', async () => {
    for (const field of ['rotateCredential', 'revokeCredential']) {
      const { query } = ofCredential(field, '$trunkId');
      const { call, trunk } = asking['stranger’s'];
      expect((await ask(call, query, { id: victim.credential, trunkId: trunk })).codes).toEqual(['resource.not_found']);
    }
  });

  it('makes an export of nothing by another tenant’s trunk, as by a missing one', async () => {
    const { query } = CHANGES['Mutation.createCallExport(input.trunkId)'] as Change;
    const { call } = asking['stranger’s'];
    for (const id of [victim.trunk, missing('trunk')]) expect((await ask(call, query, { id })).errors).toEqual([]);
    expect((await ask(call, query, { id: 'x' })).codes).toEqual(['request.invalid']);
  });

  it('is refused to a key without scopes', async () => {
    const { call } = await api.tenant('Narrow changes', ['api_keys:read']);
    for (const [name, { query, foreign }] of changes()) {
      const { data, codes } = await ask(call, query, { ...foreign(victim), ...own(asking['stranger’s']) });
      expect([name, data]).toEqual([name, { it: null }]);
      expect(['auth.scope_missing', 'auth.operator_only', 'auth.person_only']).toContain(codes[0]);
    }
  });

  it('is done for the one whose id it is', async () => {
    for (const [name, { query, foreign, code }] of changes().filter(([, c]) => !/^auth/.test(c.code ?? '') && !c.fromAbove)) {
      const { codes } = await ask(victim.call, query, {
        ...foreign(victim),
        own: victim.number,
        ownTrunk: victim.trunk,
        address: victim.emergencyAddress,
      });
      expect([name, codes]).not.toEqual([name, [code ?? 'resource.not_found']]);
      expect([name, codes.filter((c) => /auth|internal|request/.test(c))]).toEqual([name, []]);
    }
  });
});
