import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile, CONTRACT } from '@trunkline/edge-core';
import { CASE_REALM, caseIntent } from '@trunkline/edge-core/cases';
import { NetProxy } from '@trunkline/testing';
import { GatewayLink, type LinkEvents } from '../agent/gateway-link.ts';
import { obtainIdentity } from '../agent/identity.ts';
import { until } from './edge-under-test.ts';
import { FakeGateway } from './fake-gateway.ts';

/** The agent's way to its gateway, over networks good and bad; no Kamailio needed. */
const ADDRESS = '127.0.61.2';
const PING_MS = 500;
let gateway: FakeGateway;
let proxy: NetProxy;
let folder: string;
let links: GatewayLink[];

beforeEach(async () => {
  links = [];
  folder = mkdtempSync(join(tmpdir(), 'tl-link-'));
  gateway = new FakeGateway(ADDRESS, 4000, 'edge-1', CASE_REALM);
  await gateway.open();
  proxy = await NetProxy.open(`${ADDRESS}:4000`, ADDRESS);
});
afterEach(async () => {
  links.forEach((link) => link.close());
  await proxy.close();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

const identity = (token: string | null = 'token-once') => obtainIdentity(folder, gateway.url, token);
const nothing = () => undefined;
const EVENTS = {
  cursor: () => 0,
  version: '1.2.3',
  onWelcome: nothing,
  onEntries: nothing,
  onCdrsStored: nothing,
  onTestCall: nothing,
  onDown: nothing,
};
/** As the identity that is there. */
const connect = async (over: Partial<LinkEvents> = {}) => {
  const link = new GatewayLink(`ws://${proxy.address}`, await identity(null), { ...EVENTS, ...over }, PING_MS);
  links.push(link);
  link.open();
  return link;
};

describe('the link', () => {
  beforeEach(() => identity());

  it('says who it is, and which contract and version it speaks', async () => {
    const link = await connect({ cursor: () => 7 });
    await until(() => link.isUp, 'the welcome');
    expect(gateway.hello).toMatchObject({ contract: CONTRACT, agent_version: '1.2.3', cursor: 7 });
  });

  it('notices a half-open line by its pings, and comes back when it is mended', async () => {
    let downs = 0;
    const link = await connect({ onDown: () => void downs++ });
    await until(() => link.isUp, 'the welcome');
    proxy.become({ halfOpen: true });
    await until(() => downs > 0 && !link.isUp, 'the line to be given up');
    proxy.become({});
    await until(() => link.isUp, 'the link', 30_000);
    expect(gateway.connections).toBe(2);
  });

  it('bears a narrow line for as long as something comes: a full set takes longer than two pings', async () => {
    let bytes = 0;
    let downs = 0;
    const parts: boolean[] = [];
    gateway.publish(compile(caseIntent));
    proxy.become({ bytesPerSecond: 2_000_000 });
    await connect({
      onDown: () => void downs++,
      onEntries: ({ last, entries }) => void (parts.push(last), (bytes += JSON.stringify(entries).length)),
    });
    await until(() => parts.includes(true), 'a full set');
    proxy.become({ bytesPerSecond: bytes / 3 });
    parts.length = 0;
    gateway.reset();
    await until(() => parts.includes(true), 'it again, slowly', 30_000);
    expect(downs).toBe(0);
  });

  it('comes back after a cut, however long it was', async () => {
    const link = await connect();
    await until(() => link.isUp, 'the welcome');
    proxy.cut();
    await until(() => !link.isUp, 'the loss');
    proxy.become({ latencyMs: 100 });
    await until(() => link.isUp, 'the link', 30_000);
  });
});

describe('the identity', () => {
  const proves = async () => {
    const link = await connect();
    await until(() => link.isUp, 'a proof that the gateway takes');
  };
  const files = () => readdirSync(folder).filter((name) => name.endsWith('.pem'));

  it('is kept, whether the used token is still there or not', async () => {
    const { edgeId } = await identity();
    expect([(await identity()).edgeId, (await identity(null)).edgeId]).toEqual([edgeId, edgeId]);
    await proves();
  });

  it('takes a new key for a new token; the former key is gone, here and there', async () => {
    const former = await identity();
    gateway.token = 'token-two';
    const next = await identity('token-two');
    expect(next.sign('x')).not.toBe(former.sign('x'));
    expect(files()).toHaveLength(1);
    await proves();
  });

  it('stays as it is when the gateway refuses the token', async () => {
    const former = await identity();
    const still = await identity('mistyped');
    expect(still.sign('x')).toBe(former.sign('x'));
    await proves();
  });

  it('is not had without a token, nor with one that is refused', async () => {
    await expect(identity(null)).rejects.toThrow('EDGE_ENROL_TOKEN');
    await expect(identity('mistyped')).rejects.toThrow('refused');
  });

  it('makes the same trade again when it was killed before the answer', async () => {
    await expect(identity('token-late')).rejects.toThrow('refused');
    const [offered] = files();
    gateway.token = 'token-late';
    await identity('token-late');
    expect(files()).toEqual([offered]);
  });

  it('of an edge that enrolled before tokens were noted is read as it is', async () => {
    const former = await identity();
    renameSync(join(folder, files()[0]!), join(folder, 'identity-key.pem'));
    const { edge_id, edge_name } = JSON.parse(readFileSync(join(folder, 'identity.json'), 'utf8'));
    writeFileSync(join(folder, 'identity.json'), JSON.stringify({ edge_id, edge_name }));
    expect((await identity()).sign('x')).toBe(former.sign('x'));
  });
});
