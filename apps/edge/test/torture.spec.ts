import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_GATEWAYS as AT, CASE_SOURCES, caseIntent } from '@trunkline/edge-core/cases';
import { proof } from '@trunkline/testing';
import { SipPeer, mutations, statusOf, streamWire, tortureMessages, udpWire, type Wire } from '@trunkline/testing/sip';
import { KamailioRpc } from '../agent/kamailio-rpc.ts';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone } from './raw-phone.ts';

/**
 * The messages of RFC 4475 and damaged ones, over UDP and TCP. After each the edge answers, with the processes it had, and has logged no
 * more lines than messages came. The sender's address is a trunk's, so that what is sound enough goes all the way to a carrier.
 */
const { size, report } = proof(9, { short: { damaged: 2_000 }, full: { damaged: 20_000 } });
const edge = new EdgeUnderTest('edge-1', '127.0.20.1');
const rpc = new KamailioRpc(join(edge.dataDir, 'run/ctl.sock'));
const PROBE = '127.0.27.4'; // asks often enough to be taken for a flood
const messages = tortureMessages(edge.sip);
let udp: Wire;
let probe: RawPhone;
let carriers: SipPeer[];
let pids: unknown;

const processes = async () => (await rpc.call('core.ps')).filter((value) => typeof value === 'number');
const logLines = () => readFileSync(join(edge.dataDir, 'kamailio.log'), 'latin1').split('\n').length - 1;
const overTcp = async (text: string): Promise<void> => {
  const wire = await streamWire('TCP', CASE_SOURCES.own, edge.sip);
  wire.send(text, edge.sip);
  await expectAnswer();
  wire.close();
};
const overUdp = async (text: string): Promise<void> => {
  udp.send(text, edge.sip);
  await expectAnswer();
};
const expectAnswer = async (phone = probe): Promise<void> => {
  const final = await phone.ask({ method: 'OPTIONS', uri: `sip:${edge.sip}`, callId: randomUUID() }, 5000);
  expect(final && statusOf(final)).toBe(200);
};

beforeAll(async () => {
  udp = await udpWire(CASE_SOURCES.own, 5060);
  probe = new RawPhone(await SipPeer.open(PROBE, 5060), edge.sip, 'probe');
  carriers = await Promise.all([AT.a, AT.b].map((address) => SipPeer.open(address, 5080)));
  await edge.start({ ...caseIntent, allowList: [...caseIntent.allowList, PROBE] });
  await expectAnswer();
  pids = await processes();
});
afterAll(async () => {
  rpc.close();
  udp.close();
  [probe.peer, ...carriers].forEach((p) => p.close());

  await edge.stop();
});

describe.each([
  ['UDP', overUdp],
  ['TCP', overTcp],
] as const)('over %s', (_, send) => {
  let quiet: number | undefined;
  let sent = 0;
  it.each(messages.map((m) => [m.section, m.name, m.text] as const))('RFC 4475 %s, %s', async (_section, _name, text) => {
    quiet ??= logLines();
    await send(text);
    expect(await processes()).toEqual(pids);
    expect(logLines() - quiet).toBeLessThanOrEqual(++sent); // what a call that was begun ends with may be written while the next message is here
  });
});

describe(`${size.damaged} damaged messages`, () => {
  /** Sound in themselves, so that damage is met behind the parser as well. */
  const ours = (): string[] => {
    const at = `${CASE_SOURCES.own}:5060`;
    const call = (method: string, number: string, extra: string[] = []): string =>
      [
        `${method} sip:${number}@${edge.sip} SIP/2.0`,
        `Via: SIP/2.0/UDP ${at};branch=z9hG4bK${number}${method};rport`,
        `From: <sip:+12125550100@${at}>;tag=ours`,
        `To: <sip:${number}@${edge.sip}>`,
        `Call-ID: ours-${number}`,
        `CSeq: 1 ${method}`,
        'Max-Forwards: 70',
        `Contact: <sip:peer@${at}>`,
        'User-Agent: torture',
        'P-Asserted-Identity: <sip:+12125550100@example.com>',
        ...extra,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n');
    const digest = 'Digest username="us", realm="sip.trunkline.test", nonce="x", uri="sip:x", response="00", qop=auth, nc=1, cnonce="y"';
    return [
      ...['+12125551234', '911', '+442079461111'].map((number) => call('INVITE', number)),
      ...['CANCEL', 'ACK', 'BYE', 'OPTIONS'].map((method) => call(method, '+12125551234')),
      call('REGISTER', 'us', [`Authorization: ${digest}`, 'Expires: 60']),
      call('INVITE', '+12125551234', [`Proxy-Authorization: ${digest}`, `Route: <sip:${edge.ip};lr>`, 'Record-Route: <sip:192.0.2.9;lr>']),
    ];
  };

  it('leave the edge as it was, with no more lines than messages and every record readable', async () => {
    const before = logLines();
    let sent = 0;
    for (const text of mutations([...messages.map((m) => m.text), ...ours(), ...ours()], 4475, size.damaged)) {
      await (sent++ % 4 === 0 ? overTcp(text) : overUdp(text));
    }
    expect(sent).toBe(size.damaged);
    expect(await processes()).toEqual(pids);
    expect(logLines() - before).toBeLessThanOrEqual(sent);
    expect(edge.gateway.unreadable).toEqual([]);
    const tcp = await SipPeer.connect('TCP', PROBE, edge.sip);
    await expectAnswer(new RawPhone(tcp, edge.sip, 'probe'));
    tcp.close();
    const call = await carriers[0]!.call({ edge: edge.sip, requestUser: '+12125559999', fromUser: '+13105550000' });
    expect(call).toMatchObject({ status: 404 });
    await until(() => edge.gateway.status?.active_calls === 0, 'no call left', 30_000);
    report(
      `${messages.length} messages of RFC 4475 over UDP and TCP, ${sent} damaged ones, one after the other`,
      `an answer to OPTIONS after each, the same processes, ${logLines() - before} lines in the log, every call record readable`,
    );
  }, 1_500_000);
});
