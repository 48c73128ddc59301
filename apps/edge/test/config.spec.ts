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

  it('names every faulty variable and no value', () => {
    const read = () => readConfig({ EDGE_SIP_ADDRESS: 'secret', EDGE_GATEWAY_URL: 'http://secret', EDGE_DATA_DIR: '' });
    expect(read).toThrow(/EDGE_DATA_DIR.*EDGE_SIP_ADDRESS.*EDGE_GATEWAY_URL/);
    expect(read).not.toThrow(/secret/);
  });
});

it('an agent calls itself what its package is called', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
});
