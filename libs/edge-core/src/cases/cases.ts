import { CASE_GATEWAYS, CASE_PBX, CASE_PORT, CASE_SOURCES, type trunkIds } from './case-intent.ts';
import { REJECT, sipCodeOf } from '../decision/reject-reasons.ts';

export * from './case-intent.ts';

/** One call and what must become of it, wherever the decision runs. */
export type CallCase = {
  readonly name: string;
  readonly source: string; //                              IP address the INVITE comes from
  readonly login: keyof typeof trunkIds | null; //         answers a challenge as this digest user; null: cannot
  readonly requestUser: string;
  readonly fromUser: string;
  readonly assertedUser: string | null;
  readonly expect: Expected;
  readonly draw?: number; //                               0 unless said
  readonly down?: readonly string[]; //                    host and port of targets that are known to be down
};

export type Expected =
  | { readonly action: 'challenge' }
  | { readonly action: 'reject'; readonly code: string; readonly sipCode: number }
  | { readonly action: 'redirect'; readonly contact: string }
  | { readonly action: 'route'; readonly uris: readonly string[]; readonly callerId: string | null; readonly destination: string };

type Login = keyof typeof trunkIds;
type Place = keyof typeof CASE_GATEWAYS;
const US = '+12125550100';
const GB = '+442079460000';
const ES = '+34912345678';
const SPLIT = '+12125550400';
const SPARE = '+12125550500';

const refused = (reason: keyof typeof REJECT, inbound = false): Expected => {
  const entry = REJECT[reason];
  return { action: 'reject', code: entry.code, sipCode: sipCodeOf(entry, inbound) };
};
const to = (destination: string, callerId: string | null, ...places: Place[]): Expected => ({
  action: 'route',
  uris: places.map((p) => `sip:${destination}@${CASE_GATEWAYS[p]}:${CASE_PORT}`),
  callerId,
  destination,
});
const out = (
  name: string,
  login: Login | null,
  requestUser: string,
  fromUser: string,
  expect: Expected,
  assertedUser: string | null = null,
): CallCase => ({
  name,
  source: CASE_PBX,
  login,
  requestUser,
  fromUser,
  assertedUser,
  expect, // prettier-ignore
});
/** With the dice as they fell, and targets that do not answer. */
const given = (state: { readonly draw?: number; readonly down?: readonly Place[] }, call: CallCase): CallCase => ({
  ...call,
  ...state,
  down: (state.down ?? []).map((p) => `${CASE_GATEWAYS[p]}:${CASE_PORT}`),
});
const at = (name: string, place: keyof typeof CASE_SOURCES, requestUser: string, fromUser: string, expect: Expected): CallCase => ({
  name,
  source: CASE_SOURCES[place],
  login: null,
  requestUser,
  fromUser,
  assertedUser: null,
  expect, // prettier-ignore
});
const into = (name: string, from: 'a' | 'b', requestUser: string, fromUser: string, expect: Expected): CallCase => ({
  name,
  source: CASE_GATEWAYS[from],
  login: null,
  requestUser,
  fromUser,
  assertedUser: null,
  expect, // prettier-ignore
});

// prettier-ignore
export const CASES: readonly CallCase[] = [
  out('no credentials', null, '+12125551234', US, { action: 'challenge' }),
  out('E.164 with plus', 'us', '+12125551234', US, to('+12125551234', US, 'a', 'b')),
  out('E.164 without plus', 'us', '12125551234', '12125550100', to('+12125551234', US, 'a', 'b')),
  out('ten digits are national in North America', 'us', '2125551234', '2125550100', to('+12125551234', US, 'a', 'b')),
  out('011 leads abroad from North America', 'us', '011442079461111', US, to('+442079461111', US, 'b')),
  out('separators in the number', 'us', '+1-(212).555-1234', US, to('+12125551234', US, 'a', 'b')),
  out('user parameters are cut off', 'us', '+12125551234;phone-context=x', US, to('+12125551234', US, 'a', 'b')),
  out('0 is national in Britain', 'gb', '02079461111', '02079460000', to('+442079461111', GB, 'b')),
  out('00 leads abroad from Britain', 'gb', '00442079461111', GB, to('+442079461111', GB, 'b')),
  out('nine digits are national in Spain', 'es', '911111111', '912345678', to('+34911111111', ES, 'a')),
  out('a longer prefix wins over a shorter', 'gb', '+447700900123', GB, to('+447700900123', GB, 'b', 'a')),
  out('Jamaica shares +1 and has its own route', 'us', '+18765551234', US, to('+18765551234', US, 'b')),
  out('too short for a number', 'us', '12345', US, refused('invalidNumber')),
  out('sixteen digits', 'us', '+1212555123456789', US, refused('invalidNumber')),
  out('fifteen digits', 'gb', '+442079461111222', GB, to('+442079461111222', GB, 'b')),
  out('escaped digits are no number', 'us', '+1212555%31234', US, refused('invalidNumber')),
  out('two pluses', 'us', '++12125551234', US, refused('invalidNumber')),
  out('a name is no number', 'us', 'alice', US, refused('invalidNumber')),
  out('no user part', 'us', '', US, refused('invalidNumber')),
  out('caller ID of another tenant', 'us', '+12125551234', '+12125550200', refused('callerId')),
  out('caller ID of nobody', 'us', '+12125551234', '+13105550000', refused('callerId')),
  out('short caller ID', 'us', '+12125551234', '100', refused('callerId')),
  out('caller ID of a sister trunk', 'us', '+12125551234', GB, to('+12125551234', GB, 'a', 'b')),
  out('caller ID in national form', 'gb', '+442079461111', '020 7946 0000'.replace(/ /g, ''), to('+442079461111', GB, 'b')),
  out('a user name takes the default caller ID', 'us', '+12125551234', 'us', to('+12125551234', US, 'a', 'b')),
  out('anonymous takes the default caller ID', 'us', '+12125551234', 'anonymous', to('+12125551234', US, 'a', 'b')),
  out('a user name without a default caller ID', 'gb', '+442079461111', 'gb', refused('callerId')),
  out('own number asserted, name in From', 'gb', '+442079461111', 'gb', to('+442079461111', GB, 'b'), GB),
  out('foreign number asserted, own in From', 'us', '+12125551234', US, to('+12125551234', US, 'a', 'b'), '+13105550000'),
  out('foreign number asserted, name in From', 'us', '+12125551234', 'us', refused('callerId'), '+13105550000'),
  out('closed country', 'us', '+33123456789', US, refused('destination')),
  out('Canada is not the United States', 'us', '+14165551234', US, refused('destination')),
  out('Guernsey is not Britain', 'gb', '+441481123456', GB, refused('destination')),
  out('Kazakhstan shares +7', 'us', '+77011234567', US, refused('destination')),
  out('a prefix of no country', 'us', '+99912345678', US, refused('destination')),
  out('unassigned area code', 'us', '+19995551234', US, refused('destination')),
  out('a trunk that opened no country', 'closed', '+12125551234', US, refused('destination')),
  out('open country without a route', 'us', '+4930123456', US, refused('noRoute')),
  out('a route whose gateways are gone', 'gb', '+33123456789', GB, refused('noRoute')),
  out('disabled trunk', 'off', '+12125551234', US, refused('trunkDisabled')),
  out('tenant on hold', 'held', '+12125551234', '+12125550200', refused('onHold')),
  out('a restricted tenant places no calls', 'restricted', '+12125551234', '+12125550600', refused('restricted')),
  out('trunk of no tenant', 'orphan', '+12125551234', US, refused('unknownTenant')),
  out('home is another edge', 'away', '+12125551234', '+12125550300', { action: 'redirect', contact: 'sip:+12125551234@127.0.20.2:5060' }),
  out('911', 'us', '911', US, to('911', US, 'emergency', 'a')),
  out('+911', 'us', '+911', US, to('911', US, 'emergency', 'a')),
  out('112 in North America', 'us', '112', US, to('112', US, 'emergency', 'a')),
  out('911 with more digits behind it is abroad', 'us', '91119005551234', US, refused('destination')),
  out('911 with user parameters', 'us', '911;phone-context=+1', US, to('911', US, 'emergency', 'a')),
  out('933, the test of 911', 'us', '933', US, to('933', US, 'emergency', 'a')),
  out('999 in Britain', 'gb', '999', GB, to('999', GB, 'emergency')),
  out('999 is no emergency in North America', 'us', '999', US, refused('invalidNumber')),
  out('911 on hold', 'held', '911', '+12125550200', to('911', '+12125550200', 'emergency', 'a')),
  out('911 while restricted', 'restricted', '911', '+12125550600', to('911', '+12125550600', 'emergency', 'a')),
  out('911 on a disabled trunk', 'off', '911', US, to('911', US, 'emergency', 'a')),
  out('911 away from home', 'away', '911', '+12125550300', to('911', '+12125550300', 'emergency', 'a')),
  out('911 with a closed world', 'closed', '911', US, to('911', US, 'emergency', 'a')),
  out('911 without a tenant', 'orphan', '911', US, to('911', null, 'emergency', 'a')),
  out('911 with a foreign caller ID', 'us', '911', '+13105550000', to('911', US, 'emergency', 'a')),
  out('112 where no carrier takes it', 'es', '112', ES, refused('noEmergencyRoute')),
  at('a trunk’s address is its password', 'own', '+12125551234', US, to('+12125551234', US, 'a', 'b')),
  at('so is its network', 'site', '+442079461111', US, to('+442079461111', US, 'b')),
  at('an address beside the network is nobody’s', 'stranger', '+12125551234', US, { action: 'challenge' }),
  at('an address does not open a country', 'own', '+442079461111', US, refused('destination')),
  at('an address does not open a caller ID', 'own', '+12125551234', '+13105550000', refused('callerId')),
  at('911 from an address', 'own', '911', US, to('911', US, 'emergency', 'a')),
  at('a shared address, the first prefix', 'shared', '91+12125551234', US, to('+12125551234', US, 'a', 'b')),
  at('a shared address, the first prefix before a national number', 'shared', '912125551234', US, to('+12125551234', US, 'a', 'b')),
  at('a shared address, the second prefix', 'shared', '99#0012125551234', ES, to('+12125551234', ES, 'a', 'b')),
  at('a shared address, the second prefix escaped', 'shared', '99%230012125551234', ES, to('+12125551234', ES, 'a', 'b')),
  at('a shared address, the other trunk’s caller ID', 'shared', '99#0012125551234', US, refused('callerId')),
  at('a shared address without a prefix is nobody’s', 'shared', '+12125551234', US, { action: 'challenge' }),
  at('911 from a shared address, which a prefix begins', 'shared', '911', US, to('911', US, 'emergency', 'a')),
  at('112 from a shared address', 'shared', '112', US, to('112', US, 'emergency', 'a')),
  at('911 behind a prefix', 'shared', '91911', US, to('911', US, 'emergency', 'a')),
  out('a foreign caller ID is replaced where that is the policy', 'replacing', '+12125551234', '+13105550000', to('+12125551234', US, 'a', 'b')),
  out('an own caller ID is not', 'replacing', '+12125551234', GB, to('+12125551234', GB, 'a', 'b')),
  out('a trunk that takes TLS only, over UDP', 'secure', '+12125551234', US, refused('tlsRequired')),
  out('911 on a trunk that takes TLS only', 'secure', '911', US, to('911', US, 'emergency', 'a')),
  out('911 where the default caller ID is somebody else’s', 'secure', '911', 'secure', to('911', null, 'emergency', 'a')),
  into('own number, routes by priority', 'a', US, '+13105550000', {
    action: 'route',
    uris: [`sip:${US}@${CASE_GATEWAYS.pbxOne}:${CASE_PORT}`, `sip:reception@${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`],
    callerId: '+13105550000',
    destination: US,
  }),
  into('own number without plus', 'b', '442079460000', '+13105550000', to(GB, '+13105550000', 'pbxTwo')),
  into('own number with 00', 'b', '00442079460000', '0013105550000', to(GB, '+13105550000', 'pbxTwo')),
  into('anonymous caller', 'a', GB, 'anonymous', to(GB, null, 'pbxTwo')),
  into('a restricted tenant takes calls', 'a', '+12125550600', '+13105550000', to('+12125550600', '+13105550000', 'pbxTwo')),
  into('unknown number', 'a', '+12125559999', '+13105550000', refused('unknownNumber', true)),
  into('a name instead of a number', 'a', 'alice', '+13105550000', refused('unknownNumber', true)),
  into('number that points at no trunk', 'a', '+12125550101', '+13105550000', refused('unassignedNumber', true)),
  into('number of a disabled trunk', 'a', '+12125550102', '+13105550000', refused('trunkDisabled', true)),
  into('number of a tenant on hold', 'a', '+12125550200', '+13105550000', refused('onHold', true)),
  into('number of a tenant at home elsewhere', 'a', '+12125550300', '+13105550000', { action: 'redirect', contact: 'sip:+12125550300@127.0.20.2:5060' }),
  into('no route: the registered contact', 'a', ES, '+13105550000', to(ES, '+13105550000')),
  into('no route, no contact: the place for disasters', 'a', SPARE, '+13105550000', to(SPARE, '+13105550000', 'recovery')),
  ...([
    [0, 'pbxOne', 'pbxTwo'], [1, 'pbxTwo', 'pbxOne'], [3, 'pbxTwo', 'pbxOne'], [4, 'pbxOne', 'pbxTwo'], [2147483647, 'pbxTwo', 'pbxOne'],
  ] as const).map(([draw, ...places]) =>
    given({ draw }, into(`routes of equal priority by weight, ${draw} drawn`, 'a', SPLIT, '+13105550000', to(SPLIT, '+13105550000', ...places, 'recovery')))),
  given({ draw: 1, down: ['pbxTwo'] }, into('a route that is down comes last', 'a', SPLIT, '+13105550000', to(SPLIT, '+13105550000', 'pbxOne', 'recovery', 'pbxTwo'))),
  given({ draw: 1, down: ['pbxOne', 'pbxTwo'] }, into('all routes are down', 'a', SPLIT, '+13105550000', to(SPLIT, '+13105550000', 'recovery', 'pbxTwo', 'pbxOne'))),
  given({ draw: 0, down: ['pbxOne', 'pbxTwo', 'recovery'] }, into('everything is down', 'a', SPLIT, '+13105550000', to(SPLIT, '+13105550000', 'pbxOne', 'pbxTwo', 'recovery'))),
  given({ down: ['pbxOne'] }, into('the first route is down', 'b', US, '+13105550000', {
    action: 'route',
    uris: [`sip:reception@${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`, `sip:${US}@${CASE_GATEWAYS.pbxOne}:${CASE_PORT}`],
    callerId: '+13105550000',
    destination: US,
  })),
  given({ draw: 0 }, out('carriers of equal priority, the first drawn', 'gb', '+447900123456', GB, to('+447900123456', GB, 'a', 'b'))),
  given({ draw: 1 }, out('carriers of equal priority, the second drawn', 'gb', '+447900123456', GB, to('+447900123456', GB, 'b', 'a'))),
  given({ down: ['a'] }, out('a carrier that is down comes last', 'us', '+12125551234', US, to('+12125551234', US, 'b', 'a'))),
  given({ down: ['a', 'b'] }, out('all carriers are down', 'us', '+12125551234', US, to('+12125551234', US, 'a', 'b'))),
  given({ down: ['emergency'] }, out('911 while its first carrier is down', 'us', '911', US, to('911', US, 'a', 'emergency'))),
  into('911 from a carrier is no emergency call', 'a', '911', '+13105550000', refused('unknownNumber', true)),
];
