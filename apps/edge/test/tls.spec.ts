import { execFileSync } from 'node:child_process';
import { X509Certificate, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { CASE_GATEWAYS as AT, CASE_PBX, CASE_SOURCES, caseIntent, passwordOf, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, digestAnswer, methodOf, statusOf, type CallOptions } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone } from './raw-phone.ts';

/** Calls over TLS and TCP, and the certificate that they see. */
const edge = new EdgeUnderTest('edge-1', '127.0.20.1');
const US = '+12125550100';
const DIALLED = '+12125551234';
const login = (username: string) => ({ username, password: passwordOf(username) });
let carrier: SipPeer;
const open: SipPeer[] = [];
const dial = async (transport: 'TCP' | 'TLS', address = CASE_PBX as string): Promise<SipPeer> => {
  const peer = await SipPeer.connect(transport, address, transport === 'TLS' ? edge.tls : edge.sip);
  open.push(peer);
  return peer;
};
const call = (phone: SipPeer, over: Partial<CallOptions> = {}) =>
  phone.call({ edge: edge.sip, requestUser: DIALLED, fromUser: US, login: login('us'), ...over });
const heard = (peer: SipPeer, method: string) => peer.received.filter((m) => methodOf(m) === method);

beforeAll(async () => {
  carrier = await SipPeer.open(AT.a, 5080);
  await edge.start(caseIntent);
});
beforeEach(() => {
  carrier.received.length = 0;
  carrier.answer = () => 200;
});
afterEach(() => open.splice(0).forEach((p) => p.close()));
afterAll(async () => {
  carrier.close();
  await edge.stop();
});

describe.each(['TLS', 'TCP'] as const)('a call over %s', (transport) => {
  it('goes through and is hung up by the caller', async () => {
    const { status, callId } = await call(await dial(transport), { holdMs: 200 });
    expect(status).toBe(200);
    expect(heard(carrier, 'BYE')).toHaveLength(1);
    expect(await edge.endOf(callId)).toMatchObject({ outcome: 'answered', hangupBy: 'caller', sourceAddress: CASE_PBX });
  });

  it('is hung up by the callee, whose BYE finds the connection', async () => {
    const phone = await dial(transport);
    carrier.answer = (invite) => {
      setTimeout(() => carrier.hangUp(invite), 200);
      return 200;
    };
    const { callId } = await call(phone, { holdMs: 800 });
    expect(await edge.endOf(callId)).toMatchObject({ outcome: 'answered', hangupBy: 'callee' });
    expect(heard(phone, 'BYE')).toHaveLength(1);
  });

  it('needs no password from a known address', async () => {
    expect(await call(await dial(transport, CASE_SOURCES.own), { login: null })).toMatchObject({ status: 200 });
  });

  it('reaches a PBX that registered over it', async () => {
    const pbx = await dial(transport);
    const phone = new RawPhone(pbx, edge.sip, 'es');
    const ask = { method: 'REGISTER', uri: `sip:${edge.sip}`, to: `<sip:es@${edge.sip}>`, callId: randomUUID() };
    const { challenge, uri } = await phone.challenge(ask);
    const extra = [['Authorization', digestAnswer(challenge, 'REGISTER', uri, 'es', passwordOf('es'))] as const];
    expect(statusOf((await phone.ask({ ...ask, cseq: 2, extra }))!)).toBe(200);
    pbx.answer = () => 200;
    expect(await carrier.call({ edge: edge.sip, requestUser: '+34912345678', fromUser: '+13105550000' })).toMatchObject({ status: 200 });
    expect([heard(pbx, 'INVITE').length, heard(pbx, 'BYE').length]).toEqual([1, 1]);
    const gone = [
      ['Authorization', digestAnswer((await phone.challenge(ask)).challenge, 'REGISTER', uri, 'es', passwordOf('es'))] as const,
    ];
    await phone.ask({ ...ask, cseq: 4, extra: [...gone, ['Contact', '*'], ['Expires', '0']] });
  });
});

describe('a trunk that takes TLS only', () => {
  it('calls over TLS; over TCP and UDP only for help', async () => {
    const secure = { login: login('secure') };
    const services = await SipPeer.open(AT.emergency, 5080);
    services.answer = () => 200;
    expect(await call(await dial('TLS'), secure)).toMatchObject({ status: 200 });
    const udp = await SipPeer.open(CASE_PBX, 5060);
    open.push(udp, services);
    for (const phone of [await dial('TCP'), udp]) {
      const refused = await call(phone, secure);
      expect(refused).toMatchObject({ status: 403, reason: 'trunk.tls_required' });
      expect(await edge.endOf(refused.callId)).toMatchObject({ reason: 'trunk.tls_required', trunkId: trunkIds.secure });
      expect(await call(phone, { ...secure, requestUser: '911' })).toMatchObject({ status: 200 });
    }
  });
});

/** The SHA-256 of the certificate that the edge shows. */
const shown = (address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const [host, port] = address.split(':');
    const socket = connect({ host: host ?? '', port: Number(port), rejectUnauthorized: false }, () => {
      const { fingerprint256 } = socket.getPeerCertificate() as DetailedPeerCertificate;
      socket.destroy();
      resolve(fingerprint256);
    });
    socket.on('error', reject);
  });

describe('the certificate', () => {
  it('signs itself when there is none, for the edge’s address, and says so', async () => {
    const own = new X509Certificate(readFileSync(join(edge.dataDir, 'tls/certificate.pem')));
    expect([own.checkIP(edge.ip), await shown(edge.tls)]).toEqual([edge.ip, own.fingerprint256]);
    expect(edge.output).toContain('signs itself');
    expect(edge.output).toContain(own.fingerprint256);
  });

  it('is the operator’s, and follows it without a restart; one half alone changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tl-cert-'));
    const file = (name: string) => join(folder, name);
    const make = (name: string): string => {
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`];
      execFileSync('openssl', [...request, '-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)], { stdio: 'pipe' });
      return new X509Certificate(readFileSync(file(`${name}.crt`))).fingerprint256;
    };
    const put = (name: string, kind: 'crt' | 'key') => renameSync(file(`${name}.${kind}`), file(`live.${kind}`));
    const other = new EdgeUnderTest('edge-2', '127.0.20.2');
    const [first, second, third] = [make('first'), make('second'), make('third')];
    const files = { EDGE_TLS_CERT: file('live.crt'), EDGE_TLS_KEY: file('live.key') };
    (['crt', 'key'] as const).forEach((kind) => put('first', kind));
    await other.start(caseIntent, files);
    expect(await shown(other.tls)).toBe(first);
    const phone = await SipPeer.connect('TLS', CASE_PBX, other.tls);
    open.push(phone);
    writeFileSync(file('live.crt'), readFileSync(file('second.crt')));
    await until(() => other.output.includes('certificate and key differ'), 'the half renewal refused');
    expect(await shown(other.tls)).toBe(first);
    put('second', 'key');
    await until(() => other.output.includes('TLS certificate renewed'), 'the renewal');
    expect(await shown(other.tls)).toBe(second);
    expect(await call(phone, { edge: other.sip })).toMatchObject({ status: 200 });
    await other.killAgent();
    (['crt', 'key'] as const).forEach((kind) => put('third', kind));
    other.startAgent(other.sip, files);
    await until(() => other.output.includes('kamailio adopted'), 'the next agent');
    expect(await shown(other.tls)).toBe(third);
    await other.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
