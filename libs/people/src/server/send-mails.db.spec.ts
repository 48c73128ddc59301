import type { INestApplicationContext } from '@nestjs/common';
import { newId, systemContext, toPublicId } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { invitationMail } from '../core/mails.ts';
import { PeopleWorkerModule } from './people.module.ts';
import { PostMail } from './post-mail.ts';
import { SendMails } from './send-mails.ts';
import { TellOfEndpoint } from './tell-of-endpoint.ts';

type Received = { readonly to: string; readonly raw: string };

const ctx = systemContext('test');
const TOKEN = 'c'.repeat(43);
const text = invitationMail('https://trunks.example', 'Acme', 'noc', TOKEN);

let database: TestDatabase;
let owner: pg.Client;
let server: SMTPServer;
let app: INestApplicationContext;
let second: INestApplicationContext;
let clock: FakeClock;
const received: Received[] = [];
/** What the server says to the next mails; 0: it takes them. */
let refusal = 0;

const listen = (): Promise<number> =>
  new Promise((resolve) => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: (_, __, done) => done(refusal === 0 ? null : Object.assign(new Error(`not taken ${TOKEN}`), { responseCode: refusal })),
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          received.push({ to: session.envelope.rcptTo.map((r) => r.address).join(), raw: Buffer.concat(parts).toString() });
          done();
        });
      },
    });
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as { port: number }).port));
  });

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  clock = new FakeClock();
  const mail = { smtpUrl: `smtp://127.0.0.1:${await listen()}`, from: 'trunks@operator.example' };
  class Posting {}
  const posting = { module: Posting, providers: [PostMail] };
  app = await createTestContext(database, [PeopleWorkerModule.of(mail, false), posting], clock);
  second = await createTestContext(database, [PeopleWorkerModule.of(mail, false)], clock);
});
afterAll(async () => {
  await app?.close();
  await second?.close();
  await new Promise<void>((done) => server.close(done));
  await owner?.end();
  await database?.drop();
});
beforeEach(async () => {
  refusal = 0;
  received.length = 0;
  await owner.query('DELETE FROM mail');
});

const post = (to: string) =>
  app.get(Database).tx(ctx, (tx) => app.get(PostMail).execute(tx, to, text, new Date(clock.now().getTime() + 7 * 86_400_000)));
const send = () => app.get(SendMails).execute();
const mails = async () => (await owner.query('SELECT id, state, attempts, last_error, body_sealed FROM mail ORDER BY created_at, id')).rows;

it('sends what was posted, with a link and an id of its own, and forgets the body', async () => {
  await post('ada@example.com');
  expect((await owner.query(`SELECT encode(body_sealed, 'escape') AS body FROM mail`)).rows[0].body).not.toContain(TOKEN);
  await send();
  const [row] = await mails();
  expect(row).toMatchObject({ state: 'sent', attempts: 1, last_error: null, body_sealed: null });
  expect(received).toHaveLength(1);
  expect(received[0]!.to).toBe('ada@example.com');
  expect(received[0]!.raw.replaceAll('=\r\n', '')).toContain(TOKEN);
  expect(received[0]!.raw).toMatch(new RegExp(`^Message-ID: <${row.id}@operator\\.example>`, 'im'));
  await send();
  expect(received).toHaveLength(1);
});
it('is not posted when its reason did not come about', async () => {
  const failing = app.get(Database).tx(ctx, async (tx) => {
    await app.get(PostMail).execute(tx, 'ada@example.com', text, clock.now());
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await mails()).toEqual([]);
});
it('sends each once, however many send', async () => {
  for (let n = 0; n < 25; n += 1) await post(`person-${n}@example.com`);
  await Promise.all([send(), second.get(SendMails).execute(), send()]);
  expect(received.map(({ to }) => to).sort()).toEqual(Array.from({ length: 25 }, (_, n) => `person-${n}@example.com`).sort());
});
it('tries again later what is refused for now, and gives up on what is refused for good', async () => {
  await post('ada@example.com');
  refusal = 451;
  await send();
  expect(await mails()).toMatchObject([{ state: 'pending', attempts: 1, last_error: '451' }]);
  await send(); // not yet
  expect(await mails()).toMatchObject([{ attempts: 1 }]);
  clock.advance({ seconds: 31 });
  refusal = 0;
  await send();
  expect(await mails()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  await post('bob@example.com');
  refusal = 550;
  await send();
  expect((await mails())[1]).toMatchObject({ state: 'failed', attempts: 1, last_error: '550', body_sealed: null });
});
it('tries seven times', async () => {
  await post('ada@example.com');
  refusal = 421;
  for (let n = 0; n < 9; n += 1) {
    await send();
    clock.advance({ hours: 7 });
  }
  expect(await mails()).toMatchObject([{ state: 'failed', attempts: 7 }]);
});
it('takes over from one who died with a mail in hand, after the lease', async () => {
  await post('ada@example.com');
  await owner.query(`UPDATE mail SET next_attempt_at = $1`, [new Date(clock.now().getTime() + 120_000)]); // what a claim leaves behind
  await send();
  expect(received).toEqual([]);
  clock.advance({ seconds: 121 });
  await send();
  expect(received).toHaveLength(1);
});
it('does not send what is no longer true', async () => {
  await post('ada@example.com');
  clock.advance({ days: 8 });
  await send();
  expect([received, await mails()]).toMatchObject([[], [{ state: 'expired', body_sealed: null }]]);
  clock.advance({ days: 31 });
  await app.get(SendMails).prune();
  expect(await mails()).toEqual([]);
});

it('tells those who can mend it, and nobody else, that an endpoint hears nothing more', async () => {
  const [tenantId, endpointId] = [newId(), newId()];
  const tenant = `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'Told', 'US', 'USD', now(), now())`;
  await owner.query(tenant, [tenantId]);
  for (const [role, disabledAt] of [
    ['owner', null],
    ['noc', null],
    ['billing', null],
    ['admin', clock.now()],
  ] as const) {
    const person = newId();
    await owner.query(`INSERT INTO person (id, email, name, created_at, updated_at) VALUES ($1, $2, $2, now(), now())`, [person, `${role}@told.example`]); // prettier-ignore
    await owner.query(
      `INSERT INTO member (tenant_id, id, person_id, role, disabled_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, now(), now())`,
      [tenantId, newId(), person, role, disabledAt],
    );
  }
  const tell = (reason: string) => app.get(TellOfEndpoint).execute(tenantId, { webhookEndpointId: endpointId, reason });
  await tell('requested');
  await tell('failing');
  await send();
  expect(received.map(({ to }) => to).sort()).toEqual(['noc@told.example', 'owner@told.example']);
  expect(received[0]!.raw.replaceAll('=\r\n', '')).toContain(toPublicId('webhookEndpoint', endpointId));
});
