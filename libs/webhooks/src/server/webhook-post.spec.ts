import { createHook } from 'node:async_hooks';
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebhookPost } from './webhook-post.ts';

const servers: Server[] = [];
const receiver = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
};
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** How many TCP connections this process tries to open while something runs, to whatever address and port. */
const connectionsDuring = async (run: () => Promise<unknown>): Promise<number> => {
  let tried = 0;
  const hook = createHook({ init: (_id, type) => void (tried += type === 'TCPCONNECTWRAP' ? 1 : 0) }).enable();
  try {
    await run();
  } finally {
    hook.disable();
  }
  return tried;
};

/** As in development: to loopback, without TLS. */
const here = (timeoutMs = 15_000) => new WebhookPost({ allowPrivate: true, timeoutMs });

describe('an attempt', () => {
  it('sends the body and the headers, and brings back the answer', async () => {
    let got: unknown;
    const url = await receiver((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got = { method: request.method, id: request.headers['webhook-id'], body };
        response.writeHead(202, { 'retry-after': '7' }).end('thank you');
      });
    });
    expect(await here().send(url, { 'webhook-id': 'evt_1' }, '{"ä":1}')).toEqual({ status: 202, retryAfter: '7', answer: 'thank you', latencyMs: expect.any(Number) }); // prettier-ignore
    expect(got).toEqual({ method: 'POST', id: 'evt_1', body: '{"ä":1}' });
  });

  it.each([204, 302, 410, 500])('brings back a %d', async (status) => {
    const url = await receiver((_, response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end());
    expect(await here().send(url, {}, '{}')).toMatchObject({ status });
  });

  it.each([301, 302, 303, 307, 308])('follows no redirect: one connection for a %d to loopback, none to where it leads', async (status) => {
    let visits = 0;
    const secret = await receiver((_, response) => void ((visits += 1), response.end()));
    const url = await receiver((_, response) => response.writeHead(status, { location: secret }).end());
    const tried = await connectionsDuring(async () => expect(await here().send(url, {}, '{}')).toMatchObject({ status }));
    expect([tried, visits]).toEqual([1, 0]);
  });

  it('takes no more than 16 kB of headers', async () => {
    const url = await receiver((_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(64 * 1024) }).end());
    expect(await here().send(url, {}, '{}')).toMatchObject({ error: expect.stringContaining('HPE_HEADER_OVERFLOW') });
  });

  it('keeps 1 kB of an answer of 10 MB, and reads no more than it must', async () => {
    let written = 0;
    const url = await receiver((request, response) => {
      request.resume();
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (written < 10 * 1024 * 1024 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    expect(await here().send(url, {}, '{}')).toMatchObject({ status: 200, answer: 'x'.repeat(1024) });
    expect(written).toBeLessThan(10 * 1024 * 1024);
  });

  it('takes NUL and half a character out of what it keeps', async () => {
    const url = await receiver((_, response) =>
      response.end(Buffer.concat([Buffer.from('a\0b'), Buffer.alloc(1020, 'c'), Buffer.from('€')])),
    );
    const { answer } = (await here().send(url, {}, '{}')) as { answer: string };
    expect(answer.startsWith('abc')).toBe(true);
    expect(answer).not.toContain('\0');
  });

  it('gives up on a receiver that says nothing', async () => {
    const url = await receiver(() => {});
    expect(await here(200).send(url, {}, '{}')).toMatchObject({ error: 'no complete answer in time' });
  });

  it('gives up on a receiver that drips', async () => {
    const url = await receiver((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    expect(await here(300).send(url, {}, '{}')).toMatchObject({ error: 'no complete answer in time' });
  });

  it('says what went wrong: nobody there, a connection that breaks, an answer that does', async () => {
    const broken = await receiver((request) => request.socket.destroy());
    expect(await here().send(broken, {}, '{}')).toMatchObject({ error: expect.stringContaining('ECONNRESET') });
    const half = await receiver((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    expect(await here().send(half, {}, '{}')).toMatchObject({ error: expect.any(String) });
    expect(await here().send('http://127.0.0.1:1/', {}, '{}')).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('in production nothing is sent inside', () => {
  /** How often anything connected to loopback. */
  const watch = async (): Promise<{ port: number; connections: () => number }> => {
    let connections = 0;
    const server = createServer().on('connection', (socket) => void ((connections += 1), socket.destroy())).listen(0, '127.0.0.1'); // prettier-ignore
    await once(server, 'listening');
    servers.push(server);
    return { port: (server.address() as AddressInfo).port, connections: () => connections };
  };
  const closed = 'not on the open Internet';

  it.each([
    ...['127.0.0.1', '127.1', '0', '0x7f000001', '0x7f.0.0.1', '2130706433', '017700000001', '0177.0.0.1', '①②⑦.0.0.1'],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fd00::1]', '[fe80::1]'],
    ...['169.254.169.254', '10.0.0.1', '192.168.1.1', '100.64.0.1', '224.0.0.1'],
  ])('to %s: no connection is tried', async (host) => {
    const post = new WebhookPost({ allowPrivate: false });
    const tried = await connectionsDuring(async () =>
      expect(await post.send(`https://${host}/`, {}, '{}')).toMatchObject({ error: expect.stringContaining(closed) }),
    );
    expect(tried).toBe(0);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '169.254.169.254', '10.0.0.1'])(
    'to a name that leads to %s: no connection is tried',
    async (address) => {
      const resolve = () => Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
      const post = new WebhookPost({ allowPrivate: false, resolve });
      const tried = await connectionsDuring(async () =>
        expect(await post.send('https://inside.example/', {}, '{}')).toMatchObject({ error: expect.stringContaining(closed) }),
      );
      expect(tried).toBe(0);
    },
  );

  it('nor without TLS, nor to another port', async () => {
    const { port, connections } = await watch();
    const post = new WebhookPost({ allowPrivate: false });
    for (const url of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, `https://localhost:${port}/`])
      expect(await post.send(url, {}, '{}')).toMatchObject({ error: expect.any(String) });
    expect(connections()).toBe(0);
  });

  it('to a name of this machine', async () => {
    const post = new WebhookPost({ allowPrivate: false });
    expect(await post.send('https://localhost/', {}, '{}')).toMatchObject({ error: expect.stringContaining(closed) });
  });

  it('when any one of a name’s addresses is inside', async () => {
    const resolve = () => Promise.resolve([{ address: '93.184.215.14', family: 4 }, { address: '127.0.0.1', family: 4 }]); // prettier-ignore
    const post = new WebhookPost({ allowPrivate: false, resolve });
    const tried = await connectionsDuring(async () =>
      expect(await post.send('https://mixed.example/', {}, '{}')).toMatchObject({ error: expect.stringContaining(closed) }),
    );
    expect(tried).toBe(0);
  });

  it('when a name has no address, or nobody answers for it', async () => {
    const post = (resolve: () => Promise<never[]>) => new WebhookPost({ allowPrivate: false, resolve, timeoutMs: 200 });
    expect(await post(() => Promise.resolve([])).send('https://none.example/', {}, '{}')).toMatchObject({
      error: 'the name has no address',
    });
    expect(await post(() => new Promise(() => {})).send('https://mute.example/', {}, '{}')).toMatchObject({
      error: 'no complete answer in time',
    });
  });
});

describe('a name that moves between two look-ups', () => {
  /** A DNS server of our own (RFC 1035): every A query for a name gets the next of the addresses, the last for ever. */
  const startDns = async (addresses: readonly string[]): Promise<{ udp: UdpSocket; asked: () => number }> => {
    let asked = 0;
    const udp = createSocket('udp4');
    udp.on('message', (query, { port, address }) => {
      const question = query.subarray(12, query.indexOf(0, 12) + 5);
      const next = addresses[Math.min(asked, addresses.length - 1)] ?? '';
      asked += 1;
      const header = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
      const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...next.split('.').map(Number)]); // TTL 0
      udp.send(Buffer.concat([header, question, record]), port, address);
    });
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    return { udp, asked: () => asked };
  };
  const resolverOf = (udp: UdpSocket) => {
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${udp.address().port}`]);
    return async (host: string) => (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }));
  };

  it('is asked for once, and reached where it was then', async () => {
    const { udp, asked } = await startDns(['127.0.0.1', '127.0.0.2']);
    const visits: string[] = [];
    const first = createServer((_, response) => void (visits.push('first'), response.end())).listen(0, '127.0.0.1'); // prettier-ignore
    await once(first, 'listening');
    const { port } = first.address() as AddressInfo;
    const second = createServer((_, response) => void (visits.push('second'), response.end())).listen(port, '127.0.0.2'); // prettier-ignore
    await once(second, 'listening');
    servers.push(first, second);
    const post = new WebhookPost({ allowPrivate: true, resolve: resolverOf(udp) });
    const tried = await connectionsDuring(async () =>
      expect(await post.send(`http://moves.example:${port}/`, {}, '{}')).toMatchObject({ status: 200 }),
    );
    expect([asked(), tried, visits]).toEqual([1, 1, ['first']]);
    udp.close();
  });

  it('is refused when it points inside, whatever it said before', async () => {
    const { udp, asked } = await startDns(['127.0.0.1']);
    const post = new WebhookPost({ allowPrivate: false, resolve: resolverOf(udp) });
    const tried = await connectionsDuring(async () =>
      expect(await post.send('https://rebind.example/', {}, '{}')).toMatchObject({
        error: expect.stringContaining('not on the open Internet'),
      }),
    );
    expect([asked(), tried]).toEqual([1, 0]);
    udp.close();
  });
});
