import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { fromPublicId, newId, tenantContext, toPublicId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Webhook } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';
import { ATTEMPTS_MAX } from '../core/retry-schedule.ts';
import { ChangeEndpoint } from './change-endpoint.ts';
import { CreateEndpoint } from './create-endpoint.ts';
import { FanOutEvent } from './fan-out-event.ts';
import { PruneWebhooks } from './prune-webhooks.ts';
import { ReplayDeliveries } from './replay-deliveries.ts';
import { SendWebhooks } from './send-webhooks.ts';
import { WebhookQueries } from './webhook-queries.ts';
import { WebhookSenderModule, WebhooksModule } from './webhooks.module.ts';

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string; readonly at: Date };
type Answer = { readonly status: number; readonly headers?: Record<string, string> };

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
let server: Server;
let origin: string;
let clock: FakeClock;
let received: Received[];
let answers: Map<string, () => Answer>; // by path; 200 when there is none

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const path = request.url ?? '';
      received.push({ path, headers: request.headers, body, at: clock.now() });
      const { status, headers } = answers.get(path)?.() ?? { status: 200 };
      response.writeHead(status, headers).end(`answer of ${path}`);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  clock = new FakeClock();
  const modules = [WebhooksModule.of({ allowPrivate: true }), WebhookSenderModule.of({ allowPrivate: true, loop: false })];
  context = await createTestContext(database, modules, clock);
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await context?.close();
  await owner?.end();
  await database?.drop();
});

let tenant: TenantContext;
beforeEach(async () => {
  received = [];
  answers = new Map();
  clock.set('2026-11-23T10:00:00.000Z');
  await owner.query('TRUNCATE webhook_attempt, webhook_delivery, webhook_message, webhook_endpoint, outbox, audit_entry CASCADE');
  tenant = await newTenant();
});

const newTenant = async (): Promise<TenantContext> => {
  const id = newId();
  await owner.query(
    `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'T', 'US', 'USD', now(), now())`,
    [id],
  );
  return tenantContext(id, { type: 'system', id: 'test' }, 'req');
};
const endpoint = (path: string, eventTypes = ['*'], ctx = tenant, onlyAbout: string | null = null) =>
  context.get(CreateEndpoint).execute(ctx, { url: origin + path, description: null, eventTypes, onlyAbout });
const happen = async (type = 'trunk.created', data: object = { trunkId: newId() }, eventId = newId(), ctx = tenant): Promise<string> => {
  await context.get(FanOutEvent).execute({ eventId, tenantId: ctx.tenantId, type, data });
  return eventId;
};
const send = () => context.get(SendWebhooks).drain();
const deliveries = async (ctx = tenant) => (await context.get(WebhookQueries).deliveries(ctx, { limit: 200 })).data;
const only = async () => {
  const [first] = await deliveries();
  if (!first) throw new Error('there is no delivery');
  return context.get(WebhookQueries).delivery(tenant, first.id);
};

/** Whether a message carries a v1a signature (ed25519) of a public key. */
const v1aIsGood = (publicKey: string, headers: IncomingHttpHeaders, body: string): boolean => {
  const x = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const text = Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`);
  const signatures = String(headers['webhook-signature'])
    .split(' ')
    .filter((s) => s.startsWith('v1a,'));
  return signatures.some((s) => verify(null, text, key, Buffer.from(s.slice(4), 'base64')));
};

describe('an event', () => {
  it('arrives signed, with its id, so that the libraries of the standard accept it', async () => {
    clock.set(new Date());
    const { secret, publicKey } = await endpoint('/a');
    const trunkId = newId();
    const eventId = await happen('trunk.updated', { trunkId, revision: 2, hidden: 'x' });
    await send();
    expect(received).toHaveLength(1);
    const { headers, body } = received[0] as Received;
    for (const Library of [Webhook, Svix])
      expect(new Library(secret).verify(body, headers as Record<string, string>)).toEqual({
        type: 'trunk.updated',
        timestamp: expect.stringMatching(/Z$/),
        data: { trunk_id: toPublicId('trunk', trunkId), revision: 2 },
      });
    expect(v1aIsGood(publicKey, headers, body)).toBe(true);
    expect(v1aIsGood(publicKey, headers, `${body} `)).toBe(false);
    expect(fromPublicId('event', String(headers['webhook-id']))).toBe(eventId);
    expect(await only()).toMatchObject({
      state: 'delivered',
      attempts: 1,
      body,
      log: [{ number: 1, status: 200, answer: 'answer of /a' }],
    });
  });

  it('goes to an endpoint for one thing alone when it is about that', async () => {
    const [portOrderId, portProjectId] = [newId(), newId()];
    await endpoint('/everything');
    await endpoint('/order', ['*'], tenant, toPublicId('portOrder', portOrderId));
    await endpoint('/project', ['port_order.*'], tenant, toPublicId('portProject', portProjectId));
    const about = (id: string) => ({ portOrderId: id, portProjectId, state: 'submitted', focAt: null });
    await happen('port_order.submitted', about(portOrderId));
    await happen('port_order.submitted', about(newId()));
    await happen('trunk.created');
    await send();
    const to = (path: string) => received.filter((r) => r.path === path).length;
    expect([to('/everything'), to('/order'), to('/project')]).toEqual([3, 1, 2]);
  });

  it('goes to those of its tenant who listen, once, however often it is told', async () => {
    await endpoint('/all');
    await endpoint('/trunks', ['trunk.*']);
    await endpoint('/numbers', ['number.*', 'trunk.deleted']);
    await endpoint('/other', ['*'], await newTenant());
    const id = await happen();
    await happen('trunk.created', {}, id);
    await send();
    await happen('trunk.created', {}, id);
    await send();
    expect(received.map((r) => r.path).sort()).toEqual(['/all', '/trunks']);
  });

  it('that is internal goes nowhere', async () => {
    await endpoint('/a');
    await happen('payment_event.received');
    await send();
    expect([received, await deliveries()]).toEqual([[], []]);
  });
});

describe('a receiver that fails', () => {
  it('is tried ten times, to the second, and then no more: the endpoint is disabled and its tenant told', async () => {
    const { id } = await endpoint('/down');
    answers.set('/down', () => ({ status: 500 }));
    await happen();
    const began = clock.now().getTime();
    for (let n = 0; n < 200; n += 1) {
      await send();
      const [delivery] = await deliveries();
      if (!delivery?.nextAttemptAt) break;
      clock.set(new Date(delivery.nextAttemptAt.getTime() - 1));
      const before = received.length;
      await send();
      expect(received).toHaveLength(before); // not a moment early
      clock.advance({ ms: 1 });
    }
    const offsets = received.map((r) => (r.at.getTime() - began) / 1000);
    expect(offsets).toEqual([0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105]);
    expect(await only()).toMatchObject({ state: 'failed', attempts: ATTEMPTS_MAX, nextAttemptAt: null });
    const after = await context.get(WebhookQueries).endpoint(tenant, id);
    expect(after).toMatchObject({ disabledReason: 'failing' });
    const { rows } = await owner.query(`SELECT type, payload FROM outbox WHERE type = 'webhook_endpoint.disabled'`);
    expect(rows).toEqual([{ type: 'webhook_endpoint.disabled', payload: { webhookEndpointId: id, reason: 'failing' } }]);
    expect((await owner.query(`SELECT action FROM audit_entry WHERE resource_id = $1`, [id])).rows).toContainEqual({
      action: 'webhook_endpoint.disabled',
    });
  });

  it('is not disabled for one message when others arrived meanwhile', async () => {
    const { id } = await endpoint('/picky');
    let healthy = false;
    answers.set('/picky', () => ({ status: healthy ? 200 : 500 }));
    await happen();
    for (let n = 0; n < ATTEMPTS_MAX; n += 1) {
      healthy = false;
      await send();
      if (n === 4) {
        healthy = true;
        await happen('trunk.deleted');
        await send();
      }
      const next = (await deliveries()).find((d) => d.eventType === 'trunk.created')?.nextAttemptAt;
      if (next) clock.set(next);
    }
    expect((await deliveries()).map((d) => d.state).sort()).toEqual(['delivered', 'failed']);
    expect((await context.get(WebhookQueries).endpoint(tenant, id)).disabledAt).toBeNull();
  });

  it('gets the time it asks for', async () => {
    await endpoint('/busy');
    answers.set('/busy', () => ({ status: 429, headers: { 'retry-after': '600' } }));
    await happen();
    await send();
    expect((await only()).nextAttemptAt).toEqual(new Date('2026-11-23T10:10:00.000Z'));
  });

  it('that redirects has failed', async () => {
    await endpoint('/moved');
    answers.set('/moved', () => ({ status: 302, headers: { location: `${origin}/secret` } }));
    await happen();
    await send();
    expect(received.map((r) => r.path)).toEqual(['/moved']);
    expect(await only()).toMatchObject({ state: 'pending', log: [{ status: 302 }] });
  });

  it('that is gone is left alone at once, with all that waited for it', async () => {
    const { id } = await endpoint('/gone');
    answers.set('/gone', () => ({ status: 500 }));
    await happen();
    await send();
    answers.set('/gone', () => ({ status: 410 }));
    await happen();
    await send();
    expect((await deliveries()).map((d) => d.state).sort()).toEqual(['cancelled', 'failed']);
    expect(await context.get(WebhookQueries).endpoint(tenant, id)).toMatchObject({ disabledReason: 'gone' });
    clock.advance({ days: 4 });
    await happen(); // recorded, for when it is mended
    await send();
    expect(received).toHaveLength(2);
    expect((await deliveries()).map((d) => d.state).sort()).toEqual(['cancelled', 'cancelled', 'failed']);
  });

  it('holds up nobody else', async () => {
    await endpoint('/slow', ['trunk.*']);
    await endpoint('/fast', ['number.*']);
    answers.set('/slow', () => ({ status: 500 }));
    for (let n = 0; n < 40; n += 1) await happen();
    await happen('number.released');
    const sender = context.get(SendWebhooks);
    await sender.start(() => {});
    await sender.finish();
    expect(received.filter((r) => r.path === '/slow')).toHaveLength(4);
    expect(received.filter((r) => r.path === '/fast')).toHaveLength(1);
    await send();
    expect(received).toHaveLength(41);
  });
});

describe('a worker that dies', () => {
  it('gives back what it was sending when its lease ends', async () => {
    await endpoint('/a');
    await happen();
    // taken, and never heard of again
    await owner.query(`UPDATE webhook_delivery SET next_attempt_at = $1`, [new Date(clock.now().getTime() + 60_000)]);
    await send();
    expect(received).toHaveLength(0);
    clock.advance({ seconds: 60 });
    await send();
    expect(received).toHaveLength(1);
  });

  it('is not mistaken for one that came back late: two senders at once make one attempt each time', async () => {
    await endpoint('/a');
    for (let n = 0; n < 20; n += 1) await happen();
    const second = await createTestContext(database, [WebhookSenderModule.of({ allowPrivate: true, loop: false })], clock);
    await Promise.all([send(), second.get(SendWebhooks).drain()]);
    expect(received).toHaveLength(20);
    expect(new Set(received.map((r) => r.headers['webhook-id'])).size).toBe(20);
    await second.close();
  });
});

describe('what is asked for', () => {
  it('a new secret: both sign until the overlap ends, then the new one alone', async () => {
    clock.set(new Date());
    const { id, secret: old, publicKey: oldPublicKey } = await endpoint('/a');
    const { secret, publicKey } = await context.get(ChangeEndpoint).rotate(tenant, id, 3600);
    expect([secret === old, publicKey === oldPublicKey, publicKey.startsWith('whpk_')]).toEqual([false, false, true]);
    await happen();
    await send();
    const { headers, body } = received[0] as Received;
    for (const valid of [secret, old])
      for (const Library of [Webhook, Svix]) expect(() => new Library(valid).verify(body, headers as Record<string, string>)).not.toThrow();
    expect([publicKey, oldPublicKey].map((key) => v1aIsGood(key, headers, body))).toEqual([true, true]);
    clock.advance({ hours: 1 });
    await happen();
    await send();
    const later = received[1] as Received;
    expect([publicKey, oldPublicKey].map((key) => v1aIsGood(key, later.headers, later.body))).toEqual([true, false]);
    expect(
      String(received[1]?.headers['webhook-signature'])
        .split(' ')
        .map((s) => s.split(',')[0]),
    ).toEqual(['v1', 'v1a']);
  });

  it('one message again: with its own id, on a new schedule, its attempts still in the log', async () => {
    await endpoint('/a');
    await happen();
    await send();
    const { id } = await only();
    answers.set('/a', () => ({ status: 500 }));
    await context.get(ReplayDeliveries).one(tenant, id);
    await send();
    expect(await only()).toMatchObject({ state: 'pending', attempts: 2, nextAttemptAt: new Date('2026-11-23T10:00:05.000Z') });
    expect(new Set(received.map((r) => r.headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.map((r) => r.body)).size).toBe(1);
  });

  it('a span of time again, after the endpoint was enabled', async () => {
    const { id } = await endpoint('/a');
    answers.set('/a', () => ({ status: 410 }));
    await happen();
    await send();
    clock.advance({ hours: 1 });
    await happen();
    clock.advance({ hours: 1 });
    await happen();
    const span = { from: new Date('2026-11-23T10:30:00Z'), to: new Date('2026-11-23T11:30:00Z'), states: undefined };
    await expect(context.get(ReplayDeliveries).span(tenant, id, span)).rejects.toMatchObject({ code: 'webhook.endpoint_disabled' });
    await context.get(ChangeEndpoint).enable(tenant, id);
    answers.delete('/a');
    received = [];
    expect(await context.get(ReplayDeliveries).span(tenant, id, span)).toBe(1);
    await send();
    expect(received).toHaveLength(1);
    expect((await deliveries()).map((d) => d.state).sort()).toEqual(['cancelled', 'delivered', 'failed']);
  });

  it('a test, to that endpoint alone', async () => {
    const { id } = await endpoint('/a', ['number.*']);
    await endpoint('/b');
    await context.get(ReplayDeliveries).ping(tenant, id);
    await send();
    expect(received.map((r) => [r.path, JSON.parse(r.body)])).toEqual([
      ['/a', { type: 'webhook.ping', timestamp: expect.any(String), data: { webhook_endpoint_id: toPublicId('webhookEndpoint', id) } }],
    ]);
  });

  it('nothing more: what waits is called off, and what happens is not recorded', async () => {
    const { id } = await endpoint('/a');
    await happen();
    await context.get(ChangeEndpoint).disable(tenant, id);
    await happen();
    await send();
    expect([received, (await deliveries()).map((d) => d.state)]).toEqual([[], ['cancelled']]);
  });
});

describe('secrets', () => {
  it('are nowhere in the clear', async () => {
    const { secret } = await endpoint('/a');
    await happen();
    await send();
    for (const table of ['webhook_endpoint', 'webhook_message', 'webhook_delivery', 'webhook_attempt', 'audit_entry', 'outbox']) {
      const { rows } = await owner.query(`SELECT t::text FROM ${table} t`);
      expect(JSON.stringify(rows)).not.toContain(secret.replace('whsec_', ''));
    }
  });
});

it('forgets after 30 days, but not what is still to be sent', async () => {
  await endpoint('/a');
  await endpoint('/down');
  await happen('trunk.created');
  await send();
  answers.set('/down', () => ({ status: 500 }));
  await happen('trunk.deleted');
  await send();
  clock.advance({ days: 31 });
  await context.get(PruneWebhooks).execute();
  expect((await deliveries()).map((d) => d.eventType)).toEqual(['trunk.deleted', 'trunk.deleted']);
  expect((await owner.query('SELECT count(*)::int AS n FROM webhook_message')).rows).toEqual([{ n: 1 }]);
});
