import { readFileSync } from 'node:fs';
import { readConfig } from '../agent/config.ts';
import { VERSION } from '../agent/version.ts';

const good = { EDGE_DATA_DIR: '/srv/edge', EDGE_SIP_ADDRESS: '127.0.0.1:5060', EDGE_GATEWAY_URL: 'ws://127.0.0.1:4000/' };

describe('readConfig', () => {
  it('reads what is needed and knows the rest', () => {
    expect(readConfig(good)).toMatchObject({ runDir: '/srv/edge/run', gatewayUrl: 'ws://127.0.0.1:4000', enrolToken: null, bundle: null });
  });

  it('keeps socket paths below the 108 bytes that Linux allows', () => {
    const { runDir } = readConfig({ ...good, EDGE_DATA_DIR: `/srv/${'long/'.repeat(40)}` });
    expect(`${runDir}/ctl.sock`.length).toBeLessThan(108);
  });

  it('asks in calls each minute and targets each 20 s, or as often as it is told', () => {
    expect(readConfig(good)).toMatchObject({ keepaliveSecs: 60, probeIntervalMs: 20_000 });
    expect(readConfig({ ...good, EDGE_KEEPALIVE_SECS: '0', EDGE_PROBE_SECS: '0.5' })).toMatchObject({
      keepaliveSecs: 0,
      probeIntervalMs: 500,
    });
    for (const [name, value] of [
      ['EDGE_KEEPALIVE_SECS', '29'],
      ['EDGE_KEEPALIVE_SECS', '-60'],
      ['EDGE_PROBE_SECS', 'often'],
    ] as const)
      expect(() => readConfig({ ...good, [name]: value })).toThrow(name);
  });

  it('names every faulty variable and no value', () => {
    const read = () => readConfig({ EDGE_SIP_ADDRESS: 'secret', EDGE_GATEWAY_URL: 'http://secret', EDGE_DATA_DIR: '' });
    expect(read).toThrow(/EDGE_DATA_DIR.*EDGE_SIP_ADDRESS.*EDGE_GATEWAY_URL/);
    expect(read).not.toThrow(/secret/);
  });
});

it('an agent calls itself what its package is called', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
});
