import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { EVENTS, EVENT_TYPES, INTERNAL_EVENTS, QUIET_ACTIONS, TOLD_AS, eventExample } from '@trunkline/webhooks';
import { eventCatalogue } from '../src/event-catalogue.ts';
import { faultsOfEvents } from './event-faults.ts';
import { ApiHarness } from './harness.ts';

const WORD = `[a-z_]+\\.[a-z_]+`;
/** The types of events in a source: what `type:` of a call to publish says, what is a constant in capitals, what a function `eventOf` returns. */
const publishedIn = (source: string): string[] => {
  if (!/\bpublish\(/.test(source)) return [];
  const literals = [...source.matchAll(new RegExp(`(?:type: |return |\\? |: |= )'(${WORD})'`, 'g'))].map((m) => m[1] ?? '');
  const templates = [...source.matchAll(/type: `([a-z_]+\.)\$\{/g)].map((m) => `${m[1] ?? ''}*`);
  return [...literals, ...templates];
};
/** The actions that a source writes into the audit: literals, and what a template begins with. */
const auditedIn = (source: string): string[] =>
  [...source.matchAll(/\baudit\(\s*tx,\s*\w+,\s*(?:'([a-z_.]+)'|`([a-z_]+\.)\$\{)/g)].map((m) => m[1] ?? `${m[2] ?? ''}*`);
const TYPES: readonly string[] = [...EVENT_TYPES, ...INTERNAL_EVENTS];
const isCatalogued = (type: string): boolean => TYPES.some((t) => (type.endsWith('.*') ? t.startsWith(type.slice(0, -1)) : t === type));
const isQuiet = (action: string): boolean => action in QUIET_ACTIONS || `${action.split('.')[0] ?? ''}.*` in QUIET_ACTIONS;
/** Why customers do not learn of an action, as far as its source shows; undefined when they do, or when it says why not. */
const faultOfAction = (action: string, source: string): string | undefined => {
  if (!isCatalogued(TOLD_AS[action] ?? action)) return isQuiet(action) ? undefined : 'has neither an event nor a reason why not';
  return /\bpublish\(|\bannounce\w*\(/.test(source) || isQuiet(action) ? undefined : 'has an event, but does not publish it here';
};
const sources = globSync('libs/*/src/server/**/*.ts', { exclude: (file) => file.endsWith('.spec.ts') })
  .sort()
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

describe('events', () => {
  it('has every event that is published in the catalogue, or among the internal ones', () => {
    const found = sources.flatMap(({ file, text }) => publishedIn(text).map((type) => `${type} in ${file}`));
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter((entry) => !isCatalogued(entry.split(' in ')[0] ?? ''))).toEqual([]);
  });

  it('would see one that is missing', () => {
    const planted = publishedIn("publish(tx, { type: 'trunk.planted', tenantId, data: {} }); publish(tx, { type: `planted.${state}` });");
    expect(planted).toEqual(['trunk.planted', 'planted.*']);
    expect(planted.filter(isCatalogued)).toEqual([]);
  });

  it('has no event in the catalogue that nobody publishes', () => {
    const published = new Set(sources.flatMap(({ text }) => [...publishedIn(text), ...(text.match(new RegExp(`'${WORD}'`, 'g')) ?? [])]));
    const isPublished = (type: string) =>
      published.has(type) || published.has(`'${type}'`) || published.has(`${type.split('.')[0] ?? ''}.*`);
    expect(EVENT_TYPES.filter((type) => !isPublished(type))).toEqual([]);
  });
});

describe('every change that is audited', () => {
  it('is told by an event, or has a written reason why not', () => {
    const actions = sources.flatMap(({ file, text }) =>
      auditedIn(text).map((action) => ({ action, file, fault: faultOfAction(action, text) })),
    );
    expect(actions.length).toBeGreaterThan(60);
    expect(actions.filter(({ fault }) => fault).map(({ action, file, fault }) => `${action} in ${file} ${fault ?? ''}`)).toEqual([]);
  });

  it('would not pass unseen', () => {
    const silent = "audit(tx, ctx, 'trunk.created', id); audit(tx, ctx, 'trunk.planted', id); audit(tx, ctx, `planted.${state}`, id);";
    expect(auditedIn(silent)).toEqual(['trunk.created', 'trunk.planted', 'planted.*']);
    expect(auditedIn(silent).map((action) => faultOfAction(action, silent) !== undefined)).toEqual([true, true, true]);
  });

  it('names in its reasons only actions that there are', () => {
    const audited = new Set(sources.flatMap(({ text }) => auditedIn(text)));
    const nouns = new Set([...audited].map((action) => `${action.split('.')[0] ?? ''}.*`));
    expect([...Object.keys(QUIET_ACTIONS), ...Object.keys(TOLD_AS)].filter((key) => !audited.has(key) && !nouns.has(key))).toEqual([]);
  });

  it('says before and after when it changes what was there', () => {
    const changes = sources.flatMap(({ file, text }) => auditedIn(text).map((action) => ({ action, file, text })));
    const silent = changes.filter(
      ({ action, text }) =>
        !PERSONAL.includes(action) && /\.(updated|changed|home_placed)$/.test(action) && !/\bchanged(<\w+>)?\(/.test(text),
    );
    expect(silent.map(({ action, file }) => `${action} in ${file}`)).toEqual([]);
  });
});

/** Changes of which the audit must not say what was written, only where. */
const PERSONAL = ['kyc_file.updated'];

/** What writes and leaves no entry in the audit, and why. */
const UNAUDITED: Readonly<Record<string, string>> = {
  'carriers/src/server/emulated-port-out-carrier.ts': 'the books of a carrier that is none',
  'carriers/src/server/emulated-porting-carrier.ts': 'the books of a carrier that is none',
  'porting/src/server/ask-customer-record.ts': 'keeps what a losing carrier says of an account that was told before',
  'porting/src/server/check-port-project.ts': 'writes by recordPort, which audits',
  'porting/src/server/command-port-order.ts': 'writes by recordPort, which audits',
  'porting/src/server/decide-port-out.ts': 'writes by recordPortOut, which audits',
  'porting/src/server/notice-calls.ts': 'writes by recordPort, which audits',
  'porting/src/server/poll-ports.ts': 'that a carrier was asked and had nothing new to say',
  'porting/src/server/settle-port-out-dispute.ts': 'writes by recordPortOut, which audits',
  'porting/src/server/settle-ported-number.ts': 'writes by recordPort, which audits',
  'porting/src/server/receive-port-event.ts': 'keeps a carrier’s message; what it changes is audited by recordPort',
  'porting/src/server/receive-port-out.ts': 'tells that a carrier said something; what it changes is audited by recordPortOut',
  'porting/src/server/reconcile-port-out.ts': 'writes by recordPortOut, which audits',
  'porting/src/server/reconcile-port.ts': 'writes by recordPort, which audits',
  'porting/src/server/send-port.ts': 'writes by recordPort, which audits',
  'porting/src/server/sign-port-letter.ts': 'writes by keepDocument, which audits',
  'porting/src/server/split-port.ts': 'writes by recordPort, which audits',
  'porting/src/server/sweep-port-outs.ts': 'writes by recordPortOut, which audits',
  'porting/src/server/sweep-ports.ts': 'writes by recordPort, which audits',
  'porting/src/server/take-port-out.ts': 'writes by recordPortOut, which audits',
  'porting/src/server/tell-port-note.ts': 'brings a note, which was audited, to those it is for; what a carrier says is a row of its own',
  'porting/src/server/tell-port-out.ts': 'tells the carrier what was decided, which was audited',
  'porting/src/server/warn-of-port-out.ts': 'posts mails of what was audited',
  'porting/src/server/update-port-order.ts': 'writes by recordPort, which audits',
  'billing/src/server/collect-invoice.ts': 'hands an invoice to the payment provider; what comes of it is audited',
  'billing/src/server/hand-over-credit-notes.ts': 'hands a credit note to the payment provider',
  'billing/src/server/payment-accounts.ts': 'remembers the provider’s name of a tenant',
  'billing/src/server/process-payment-event.ts': 'marks as processed; what it changes is audited by ApplyNews',
  'billing/src/server/receive-webhook.ts': 'stores what came in; what it changes is audited by ApplyNews',
  'billing/src/server/reconcile.ts': 'records differences, which are rows that stay',
  'billing/src/server/resume-collection.ts': 'sets a time; the collection is audited',
  'billing/src/server/review-balance.ts': 'decides; what it does is audited where it is done',
  'billing/src/server/review-billing-hold.ts': 'decides; the hold is audited where it is placed or lifted',
  'cdr/src/server/replace-stored-call.ts': 'part of ResolveCdrIssue, which audits',
  'cdr/src/server/retry-cdr-issue.ts': 'part of ResolveCdrIssue, which audits',
  'cdr/src/server/settle-cdr-issue.ts': 'part of ResolveCdrIssue, which audits',
  'cdr/src/server/run-call-export.ts': 'makes the file that was asked for; asking was audited',
  'cdr/src/server/store-cdrs.ts': 'calls are kept as they are, each is its own record',
  'identity/src/server/send-code.ts': 'hands a code to whoever sends it; asking for it was audited',
  'emergency/src/server/notify-contacts.ts': 'posts mails of a call, which is its own record',
  'edge/src/server/announce-provisioned.ts': 'what edges have of what was audited',
  'edge/src/server/compile-edges.ts': 'computes from what was audited',
  'edge/src/server/gateway/edge-reports.ts': 'what an edge says of itself',
  'edge/src/server/gateway/test-calls.ts': 'that it was asked for is audited; what came of it is its own',
  'edge/src/server/gateway/gateway-presence.ts': 'which gateway an edge is connected to',
  'edge/src/server/sweep-edges.ts': 'computes from what was audited',
  'numbers/src/server/advance-number-orders.ts': 'has what waits looked at sooner',
  'numbers/src/server/advance-order-item.ts': 'asks for what was ordered, which was audited; what comes of it is by SettleOrderItem',
  'numbers/src/server/order-number.ts': 'audited where a number is given to a tenant: assign-number.ts',
  'numbers/src/server/settle-order-item.ts': 'audited in assign-number.ts and complete-order.ts',
  'numbers/src/server/receive-supplier-event.ts': 'has what a carrier was asked for looked at sooner',
  'numbers/src/server/run-number-job.ts': 'each change of a number is audited where it is made',
  'numbers/src/server/sweep-quarantine.ts': 'the end of a quarantine was said when it began',
  'people/src/server/count-guess.ts': 'counts guesses, which are forgotten within the hour',
  'people/src/server/open-door.ts': 'notes when a session was last used',
  'people/src/server/send-mails.ts': 'sends what was audited',
  'people/src/server/tell-of-endpoint.ts': 'that the endpoint was disabled is audited',
  'tenancy/src/server/key-use.ts': 'notes when a key was last used',
  'trunks/src/server/credentials.jobs.ts': 'the end of an overlap was said when it began',
  'trunks/src/server/test-calls.jobs.ts': 'that it was asked for is audited; what became of it is its own',
  'webhooks/src/server/fan-out-event.ts': 'an event was audited where it happened',
  'webhooks/src/server/prune-webhooks.ts': 'what retention promised',
};

it('audits whatever writes, or says why not', () => {
  const writes = sources
    .filter(({ text }) => /\.(tx|alone)\(/.test(text) && !/\baudit\(/.test(text))
    .map(({ file }) => file.replace('libs/', ''));
  expect(writes.filter((file) => !file.startsWith('platform/'))).toEqual(Object.keys(UNAUDITED).sort());
});

describe('the page of events', () => {
  it('is docs/events.md, made from the catalogue', () => {
    const page = eventCatalogue();
    if (process.env['UPDATE_EVENTS']) writeFileSync('docs/events.md', page);
    expect(readFileSync('docs/events.md', 'utf8')).toBe(page); // UPDATE_EVENTS=1 npm test -- event-types
  });

  it('would see an example or an event that is not as its schema says', () => {
    const trunkId = '019401d0-0000-7000-8000-000000000000';
    expect(faultsOfEvents([{ type: 'trunk.created', payload: { trunkId } }], {})).toEqual([]);
    for (const payload of [{}, { trunkId: null }, { trunkId: 7 }])
      expect(faultsOfEvents([{ type: 'trunk.created', payload }], {})).toEqual([expect.stringContaining('trunk.created: /trunk_id')]);
    expect(faultsOfEvents([{ type: 'trunk.exploded', payload: {} }], {})).toEqual(['trunk.exploded is in no catalogue']);
  });
});

describe('GET /v1/webhook-event-types', () => {
  it('200: shows everybody the catalogue, and OpenAPI has it too', async () => {
    const api = await ApiHarness.start();
    const { status, body } = await api.as(undefined)('GET', '/v1/webhook-event-types');
    expect([status, body.data.map((e: { type: string }) => e.type)]).toEqual([200, EVENT_TYPES]);
    expect(body.data.find((e: { type: string }) => e.type === 'trunk.created')).toEqual({
      type: 'trunk.created',
      object: 'webhook_event_type',
      summary: 'A trunk was created',
      filters: ['*', 'trunk.*', 'trunk.created'],
      data_schema: {
        type: 'object',
        properties: { trunk_id: { type: 'string', pattern: '^trk_', description: 'The id of a trunk' } },
        required: ['trunk_id'],
        additionalProperties: false,
      },
      example: { trunk_id: 'trk_01kaq8x4s7fyz8m2q0w3e5r6t7' },
    });
    const { body: openapi } = await api.as(undefined)('GET', '/openapi.json');
    expect(Object.keys(openapi.webhooks)).toEqual(EVENT_TYPES);
    const content = openapi.webhooks['call.completed'].post.requestBody.content['application/json'];
    expect(content.schema.properties.data).toEqual({ $ref: '#/components/schemas/Call' });
    expect(content.example).toMatchObject({ type: 'call.completed', data: { object: 'call' } });
    expect(openapi.components.schemas.Call).toBeDefined();
    const wire = EVENT_TYPES.map((type) => ({ type, told: eventExample(type) }));
    expect(faultsOfEvents(wire, openapi.components.schemas)).toEqual([]);
    expect(Object.keys(EVENTS)).toHaveLength(wire.length);
    await api.stop();
  });
});
