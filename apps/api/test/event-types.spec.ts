import { globSync, readFileSync } from 'node:fs';
import { EVENT_TYPES, INTERNAL_EVENTS } from '@trunkline/webhooks';
import { ApiHarness } from './harness.ts';

const WORD = `[a-z_]+\\.[a-z_]+`;
/** The types of events in a source: what `type:` of a call to publish says, what is a constant in capitals, what a function `eventOf` returns. */
const publishedIn = (source: string): string[] => {
  if (!/\bpublish\(/.test(source)) return [];
  const literals = [...source.matchAll(new RegExp(`(?:type: |return |\\? |: |= )'(${WORD})'`, 'g'))].map((m) => m[1] ?? '');
  const templates = [...source.matchAll(/type: `([a-z_]+\.)\$\{/g)].map((m) => `${m[1] ?? ''}*`);
  return [...literals, ...templates];
};
const isCatalogued = (type: string): boolean =>
  [...EVENT_TYPES, ...INTERNAL_EVENTS].some((t) => (type.endsWith('.*') ? t.startsWith(type.slice(0, -1)) : t === type));

it('has every event that is published in the catalogue, or among the internal ones', () => {
  const found = globSync('libs/*/src/server/**/*.ts', { exclude: (file) => file.endsWith('.spec.ts') }).flatMap((file) =>
    publishedIn(readFileSync(file, 'utf8')).map((type) => `${type} in ${file}`),
  );
  expect(found.length).toBeGreaterThan(15);
  expect(found.filter((entry) => !isCatalogued(entry.split(' in ')[0] ?? ''))).toEqual([]);
});

it('would see one that is missing', () => {
  const planted = publishedIn("publish(tx, { type: 'trunk.planted', tenantId, data: {} }); publish(tx, { type: `planted.${state}` });");
  expect(planted).toEqual(['trunk.planted', 'planted.*']);
  expect(planted.filter(isCatalogued)).toEqual([]);
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
        properties: { trunk_id: { type: ['string', 'null'], description: 'The id of a trunk' } },
        required: ['trunk_id'],
        additionalProperties: false,
      },
    });
    const { body: openapi } = await api.as(undefined)('GET', '/openapi.json');
    expect(Object.keys(openapi.webhooks)).toEqual(EVENT_TYPES);
    expect(openapi.webhooks['call.completed'].post.requestBody.content['application/json'].schema.properties.data).toEqual({
      $ref: '#/components/schemas/Call',
    });
    expect(openapi.components.schemas.Call).toBeDefined();
    await api.stop();
  });
});
