import { caseIntent, trunkIds } from '../cases/cases.ts';
import { compile } from './compile.ts';

const valueOf = (kind: string, key: string, intent = caseIntent) => {
  const found = compile(intent).find((e) => e.kind === kind && e.key === key);
  return found && JSON.parse(found.value);
};

describe('compile', () => {
  it('gives the same bytes whatever the order of the intent', () => {
    const reversed = {
      tenants: [...caseIntent.tenants].reverse(),
      trunks: [...caseIntent.trunks].reverse(),
      numbers: [...caseIntent.numbers].reverse(),
      verified: [...caseIntent.verified].reverse(),
      gateways: [...caseIntent.gateways].reverse(),
      routes: [...caseIntent.routes].reverse(),
      emergencyRoutes: [...caseIntent.emergencyRoutes].reverse(),
      trunkAddresses: [...caseIntent.trunkAddresses].reverse(),
      sharedCredentials: [...caseIntent.sharedCredentials].reverse(),
      allowList: [...caseIntent.allowList].reverse(),
      channelPools: [...caseIntent.channelPools].reverse(),
      channelGroups: [...caseIntent.channelGroups].reverse(),
      inboundGroups: [...caseIntent.inboundGroups].reverse(),
      schedules: [...caseIntent.schedules].reverse(),
    };
    expect(compile(reversed)).toEqual(compile(caseIntent));
  });

  it('gives every key once', () => {
    const keys = compile(caseIntent).map((e) => `${e.kind} ${e.key}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tells countries apart that share a calling code', () => {
    const country = (prefix: string) => valueOf('country', prefix);
    expect(['1212', '1416', '1876', '7', '77', '44', '441481', '441534', '3906698', '39'].map(country)).toEqual(
      ['US', 'CA', 'JM', 'RU', 'KZ', 'GB', 'GG', 'JE', 'VA', 'IT'], // prettier-ignore
    );
    expect(country('1')).toBeUndefined();
  });

  it('puts both passwords of a user name that is being rotated into one value', () => {
    const trunks = caseIntent.trunks.map((t) =>
      t.id === trunkIds.us ? { ...t, credentials: [...t.credentials, { username: 'us', ha1Md5: 'f'.repeat(32) }] } : t,
    );
    expect(valueOf('credential', 'us', { ...caseIntent, trunks })).toEqual({
      trunkId: trunkIds.us,
      ha1: ['e97b2e6cc550e2abbe3385c2ad0f917d', 'f'.repeat(32)],
    });
  });

  it('names all trunks of a shared address, the one without a tech prefix last', () => {
    const at = (trunkId: string, techPrefix: string | null) => ({ network: '192.0.2.0/24', trunkId, techPrefix });
    const trunkAddresses = [at(trunkIds.us, null), at(trunkIds.gb, '99'), at(trunkIds.es, '88')];
    const { trunks } = valueOf('pbx', '192.0.2.0/24', { ...caseIntent, trunkAddresses });
    expect(trunks.map((t: { trunkId: string }) => t.trunkId)).toEqual([trunkIds.es, trunkIds.gb, trunkIds.us]);
  });

  it('gives a trunk that names no rate the usual one', () => {
    const trunks = caseIntent.trunks.map((t) => ({ ...t, callsPerSecondMax: null }));
    expect(valueOf('trunk', trunkIds.us, { ...caseIntent, trunks }).callsPerSecondMax).toBe(10);
  });

  it('leaves out a target that is no SIP URI', () => {
    const trunks = caseIntent.trunks.map((t) => ({
      ...t,
      inboundRoutes: [
        { uri: 'sip:x^y|z ~', priority: 1, weight: 1 },
        { uri: 'sip:pbx.example.com', priority: 2, weight: 7 },
      ],
    }));
    expect(valueOf('trunk', trunkIds.us, { ...caseIntent, trunks })).toMatchObject({
      inboundRoutes: ['sip:pbx.example.com'],
      inboundRanks: [{ priority: 2, weight: 7 }],
    });
  });

  it('reads an empty prefix as the route for everything', () => {
    expect(
      valueOf('route', '*', {
        ...caseIntent,
        routes: [{ prefix: '', gateways: [{ gatewayId: caseIntent.gateways[0]!.id, priority: 1, weight: 1 }] }],
      }).targets,
    ).toHaveLength(1);
  });
});
