// @ts-expect-error: plain JavaScript without declarations
import { reachable, readSettings } from './settings.mjs';

describe('the settings of an installation', () => {
  it('have defaults', () => {
    expect(readSettings({})).toMatchObject({ apiHost: '127.0.0.1', ports: { api: 3000, gateway: 3001, workerHealth: 3002, sip: 5060 } });
  });

  it.each(['0', '65536', 'x', '1.5'])('refuse the port %s by the name of its variable', (value) => {
    expect(() => readSettings({ GATEWAY_PORT: value })).toThrow('GATEWAY_PORT');
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
    ['10.0.0.1', '10.0.0.1'],
  ])('reach a server on %s at %s', (host, expected) => expect(reachable(host)).toBe(expected));
});
