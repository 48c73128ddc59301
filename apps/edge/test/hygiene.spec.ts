import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { appendFileSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { caseIntent, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone, relocated } from './raw-phone.ts';

/** What an edge keeps to itself, and what it shrugs off. */
const NET = '127.0.60';
const edge = new EdgeUnderTest('edge-1', `${NET}.203`);
const kamailioPid = () => Number(readFileSync(join(edge.dataDir, 'run/kamailio.pid'), 'utf8'));
const log = join(edge.dataDir, 'kamailio.log');

beforeAll(() => edge.start(relocated(caseIntent, NET)));
afterAll(() => edge.stop());

describe('an edge', () => {
  it('lets nobody else read its files or speak to its Kamailio', () => {
    for (const folder of ['.', 'run'])
      for (const name of readdirSync(join(edge.dataDir, folder))) {
        const { mode } = statSync(join(edge.dataDir, folder, name));
        expect({ name, open: mode & 0o077 }).toEqual({ name, open: 0 });
      }
  });

  it('gives Kamailio no secret in its environment or command line', () => {
    const seen = ['environ', 'cmdline'].map((name) => readFileSync(`/proc/${kamailioPid()}/${name}`, 'utf8')).join();
    expect(seen).not.toContain('token-once');
  });

  it('lives on after messages that are none, and leaves out entries it does not know', async () => {
    for (const text of ['{', 'null', '7', '[]', '{"type":"party"}', `{"type":${'['.repeat(1000)}`]) edge.gateway.say(text);
    edge.gateway.publishRaw({ kind: 'party' as 'trunk', key: "x'; drop table ht_trunk; --", value: '{}' });
    edge.gateway.publishRaw({ kind: 'trunk', key: 'odd', value: 7 as unknown as string });
    edge.gateway.publishRaw({ kind: 'trunk', key: trunkIds.us, value: null });
    const last = edge.gateway.version;
    await until(() => edge.gateway.applied === last, 'what came behind them');
    expect(edge.output).toContain('left out');
  });

  it('does not let an older version replace a newer one', async () => {
    const before = edge.gateway.version;
    edge.gateway.say(
      JSON.stringify({
        type: 'entries',
        reset: false,
        last: true,
        version: 1,
        entries: [{ kind: 'tenant', key: 'old', value: '{}', version: 1 }],
      }),
    );
    await until(() => edge.output.includes('entries not stored'), 'the refusal');
    await until(() => edge.gateway.connections > 1 && edge.gateway.applied === before, 'a fresh start at the version it has');
  });

  it('stays the same process under malformed packets, and bounds its log', async () => {
    const pid = kamailioPid();
    const socket = createSocket('udp4');
    for (const packet of malformed()) socket.send(packet, 5060, `${NET}.203`);
    await sleep(500);
    socket.close();
    const peer = await SipPeer.open(`${NET}.12`, 5060);
    expect((await new RawPhone(peer, edge.sip, 'x').ask({ number: '911' }))?.startLine).toMatch(/ 407 /);
    peer.close();
    expect(kamailioPid()).toBe(pid);
    appendFileSync(log, 'x'.repeat(17 * 1024 * 1024));
    await until(() => statSync(log).size < 1024 * 1024, 'a shorter log');
  });
});

/** Some of RFC 4475 in spirit: every line of a sound INVITE broken in turn, and noise. */
const malformed = (): Buffer[] => {
  const lines = [
    `INVITE sip:911@${NET}.203 SIP/2.0`,
    `Via: SIP/2.0/UDP ${NET}.12:5060;branch=z9hG4bKx`,
    `From: <sip:x@${NET}.12>;tag=a`,
    `To: <sip:911@${NET}.203>`,
    'Call-ID: malformed',
    'CSeq: 1 INVITE',
    'Max-Forwards: 70',
    `Contact: <sip:x@${NET}.12>`,
    'Content-Length: 0',
  ];
  const broken = ['', ':', 'Via: ', 'CSeq: 99999999999999999999 INVITE', 'From: "x <sip:', 'To: <sip:[:::>', 'Content-Length: -1', 'Max-Forwards: -1', 'INVITE sip: SIP/2.0', '\u0000', 'x'.repeat(5000)]; // prettier-ignore
  const text = lines.flatMap((_, i) => broken.map((b) => [...lines.slice(0, i), b, ...lines.slice(i + 1), '', ''].join('\r\n')));
  const noise = [...Array(50)].map((_, i) => randomBytes(i * 20 + 1));
  return [...text.map((t) => Buffer.from(t, 'latin1')), ...noise];
};
