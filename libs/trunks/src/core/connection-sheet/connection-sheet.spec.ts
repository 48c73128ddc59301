import fc from 'fast-check';
import { CODEC_NAMES } from '@trunkline/edge-core';
import { connectionSheet, sheetMarkdown } from './connection-sheet.ts';
import { PBX_FAMILIES } from './sheet.ts';
import type { ConnectionFacts, PbxFamily } from './sheet.ts';

const facts: ConnectionFacts = {
  ...{ trunkName: 'Berlin', country: 'DE', authMode: 'either', techPrefix: null, codecs: null, srtp: 'optional', tlsRequired: false },
  ...{
    defaultCallerId: '+4930123456',
    channelsMax: 10,
    registrationExpiresSecs: 3600,
    networks: [],
    hasRoutes: false,
    calledNumberIn: 'request_uri',
    realm: 'sip.example',
  },
  usernames: ['tlabc'],
  edges: [
    { name: 'edge-1', sipAddress: '192.0.2.1:5060', tlsAddress: '192.0.2.1:5061', home: true },
    { name: 'edge-2', sipAddress: '192.0.2.2:5060', tlsAddress: '192.0.2.2:5061', home: false },
  ],
};
const textOf = (family: PbxFamily, over: Partial<ConnectionFacts> = {}): string =>
  sheetMarkdown(connectionSheet({ ...facts, ...over }, family));

describe.each(PBX_FAMILIES)('the sheet for %s', (family) => {
  it('names server, user, realm, ports and both edges', () => {
    const text = textOf(family);
    for (const part of ['192.0.2.1:5060', '192.0.2.2:5060', 'tlabc', 'sip.example', '5061', 'SIP ALG']) expect(text).toContain(part);
  });

  it('leads to the port of TLS where the trunk wants it, and encrypts media where it must', () => {
    const text = textOf(family, { srtp: 'required' });
    expect(text).toContain('192.0.2.1:5061');
    expect(text).not.toContain('192.0.2.1:5060 ');
    expect(text).toMatch(/srtp/i);
  });

  it('speaks of no password where an address is what counts, and does not register', () => {
    const text = textOf(family, { authMode: 'ip', networks: ['198.51.100.7'] });
    expect(text).toContain('198.51.100.7');
    expect(text).not.toContain('tlabc');
    expect(text).toContain('| Registration | no |');
  });

  it('says what is missing before the trunk can be used', () => {
    const text = textOf(family, { edges: [], usernames: [] });
    expect(text).toContain('No edge carries this trunk yet');
    expect(text).toContain('make a credential first');
  });

  it('is made of whatever is true, with the tech prefix and the codecs in it', () => {
    const arbitrary = fc.record({
      authMode: fc.constantFrom('either' as const, 'digest' as const, 'ip' as const, 'both' as const),
      srtp: fc.constantFrom('disabled' as const, 'optional' as const, 'required' as const),
      codecs: fc.option(fc.uniqueArray(fc.constantFrom(...CODEC_NAMES), { minLength: 1 })),
      techPrefix: fc.option(fc.constantFrom('77#', '91')),
      hasRoutes: fc.boolean(),
      tlsRequired: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, (over) => {
        const text = textOf(family, over);
        expect(text).not.toMatch(/undefined|\[object|null/);
        if (over.techPrefix !== null) expect(text).toContain(over.techPrefix);
        if (over.codecs !== null) expect(text).toContain(`| Codecs | ${over.codecs.join(', ')} |`);
      }),
      { numRuns: 150 },
    );
  });
});

it('gives Asterisk the names that it has for codecs, in the trunk’s order', () => {
  expect(textOf('asterisk', { codecs: ['opus', 'pcma'] })).toContain('allow=opus,alaw\n');
});
it('gives FreeSWITCH a gateway that registers, and none that does where routes bring the calls', () => {
  expect(textOf('freeswitch')).toContain('<param name="register" value="true"/>');
  expect(textOf('freeswitch', { hasRoutes: true })).toContain('<param name="register" value="false"/>');
});
