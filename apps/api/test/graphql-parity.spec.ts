import { getNamedType, isObjectType } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { schemaOf } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';

type Json = { $ref?: string; properties?: Record<string, Json>; items?: Json };
type Operation = { operationId: string; 'x-access': string; responses: Record<string, { content?: Record<string, { schema: Json }> }> };

let api: ApiHarness;
let schema: GraphQLSchema;
let operations: (Operation & { method: string })[];
let schemas: Record<string, Json>;

beforeAll(async () => {
  api = await ApiHarness.start();
  schema = schemaOf(api);
  const { body } = await api.operator('GET', '/openapi.json');
  schemas = body.components.schemas;
  operations = Object.values<Record<string, Operation>>(body.paths).flatMap((path) =>
    Object.entries(path).map(([method, operation]) => ({ method, ...operation })),
  );
});
afterAll(() => api?.stop());

/** Reads whose field is not called after them: listTrunks is Query.trunks, getTrunk is Query.trunk. */
const OTHERWISE: Record<string, string> = {
  getOwnTenant: 'Viewer.tenant',
  listCredentials: 'Trunk.credentials',
  listListCredentials: 'CredentialList.credentials',
  getConnectionSheet: 'Trunk.connectionSheet',
  listCreditNotes: 'Invoice.creditNotes',
  getPortOrderHistory: 'PortOrder.history',
  getPortOutHistory: 'PortOut.history',
  listPortOrderNotes: 'PortOrder.notes',
  listPortOutNotes: 'PortOut.notes',
  searchAvailableNumbers: 'Query.availableNumbers',
  searchNumberOffers: 'Query.numberOffers',
};
/** Reads without a field, each with the reason. */
const WITHOUT: Record<string, string> = {
  exportCalls: 'a file',
  exportAuditEntries: 'a file',
  exportPlatformAuditEntries: 'a file',
  downloadCallExport: 'a file',
  downloadConnectionSheet: 'a file',
  downloadKycDocument: 'a file',
  downloadPortDocument: 'a file',
  getPortLetter: 'what is about to be signed is read where it is signed',
  listPortShareLinks: 'made, listed and revoked by REST alone',
  getSharedPort: 'for whoever has a link and no account',
  streamProvisioning: 'a stream; the events of it are a subscription',
  getKycFile: 'files of identity are read by REST alone, where each reading is audited',
  getKycPolicy: 'files of identity are read by REST alone, where each reading is audited',
  getOwnKycFile: 'files of identity are read by REST alone, where each reading is audited',
  listKycFiles: 'files of identity are read by REST alone, where each reading is audited',
  getRegulatoryBundle: 'papers of identity are read by REST alone',
  getRegulatoryEvaluation: 'papers of identity are read by REST alone',
  getRegulatoryPolicy: 'papers of identity are read by REST alone',
  listRegulatoryBundles: 'papers of identity are read by REST alone',
  listRegulatoryReviews: 'papers of identity are read by REST alone',
  listRegulatoryRules: 'papers of identity are read by REST alone',
  startSso: 'how people log in is looked after by REST alone',
  finishSso: 'how people log in is looked after by REST alone',
  listPasskeys: 'how people log in is looked after by REST alone',
  listNumberHistory: 'looked up for one number at a time, by REST',
  listInventoryNumberHistory: 'looked up for one number at a time, by REST',
  listNumberBlocks: 'planning of the inventory, by REST',
  listNumberJobItems: 'ten thousand rows are read by REST',
  getApiKey: 'a dashboard lists them',
  listOperatorKeys: 'the operator’s own keys are looked after by REST alone',
  getEarliestPortDate: 'an answer of the moment, about nothing that is kept',
  getPortOrderDate: 'an answer of the moment, of the carrier too',
  getPortRequirements: 'the same for everybody: what a form asks for',
};
/** Properties that are told by another name, or not at all. */
const TOLD_AS: Record<string, string | { because: string }> = {
  'Edge.key': 'keyEnrolledAt',
  'Edge.agent': 'agentVersion',
};

const placeOf = (operationId: string): string => {
  const noun = operationId.replace(/^(get|list)/, '');
  return OTHERWISE[operationId] ?? `Query.${noun.charAt(0).toLowerCase()}${noun.slice(1)}`;
};
const fieldAt = (place: string) => {
  const [type = '', field = ''] = place.split('.');
  return (schema.getType(type) as GraphQLObjectType | undefined)?.getFields()[field];
};
const reads = () => operations.filter(({ method }) => method === 'get');

it('has a field, in the domain’s *.graphql.ts, for every read of REST, or a reason in WITHOUT', () => {
  const missing = reads()
    .map(({ operationId }) => operationId)
    .filter((id) => !(id in WITHOUT) && !fieldAt(placeOf(id)));
  expect(missing).toEqual([]);
});

it('has no reason and no other name for a read that is gone', () => {
  const ids = reads().map(({ operationId }) => operationId);
  expect([...Object.keys(OTHERWISE), ...Object.keys(WITHOUT)].filter((id) => !ids.includes(id))).toEqual([]);
});

const resolved = (json: Json): Json => (json.$ref ? (schemas[json.$ref.replace('#/components/schemas/', '')] ?? {}) : json);
/** What an operation answers with, of a list one item. */
const resourceOf = ({ responses }: Operation): Json => {
  const answer = resolved(responses['200']?.content?.['application/json']?.schema ?? {});
  return answer.properties?.['data'] ? resolved(answer.properties['data'].items ?? {}) : answer;
};
const typeAt = (place: string): GraphQLObjectType => {
  const type = getNamedType(fieldAt(place)?.type) as GraphQLObjectType;
  const nodes = type.getFields()['nodes'];
  return nodes ? (getNamedType(nodes.type) as GraphQLObjectType) : type;
};
const camel = (key: string) => key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

it('has a field, in the domain’s *.graphql.ts, for every property that REST answers with, or a reason in TOLD_AS', () => {
  const missing = reads()
    .filter(({ operationId }) => !(operationId in WITHOUT))
    .flatMap((operation) => {
      const type = typeAt(placeOf(operation.operationId));
      expect(isObjectType(type)).toBe(true);
      const properties = Object.keys(resourceOf(operation).properties ?? {});
      expect([operation.operationId, properties.length]).not.toEqual([operation.operationId, 0]);
      return properties
        .filter((key) => key !== 'object')
        .map((key) => [`${type.name}.${camel(key)}`, type.getFields()[camel(key)]] as const)
        .filter(([name, field]) => !field && !(name in TOLD_AS))
        .map(([name]) => name);
    });
  expect([...new Set(missing)]).toEqual([]);
});

it('tells what is called otherwise', () => {
  for (const [name, told] of Object.entries(TOLD_AS))
    if (typeof told === 'string') expect([name, fieldAt(`${name.split('.')[0]}.${told}`)?.name]).toEqual([name, told]);
});

it('has no mutation but what REST does by the operation of that name, for those who may do that', () => {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(fields.length).toBeGreaterThan(25);
  for (const { name, extensions } of fields) {
    const operation = operations.find(({ operationId, method }) => operationId === name && method !== 'get');
    expect([name, extensions['access']]).toEqual([name, operation?.['x-access']]);
  }
});

it('asks of a read what REST asks', () => {
  for (const operation of reads()) {
    const access = fieldAt(placeOf(operation.operationId))?.extensions['access'];
    if (access !== undefined) expect([operation.operationId, access]).toEqual([operation.operationId, operation['x-access']]);
  }
});
