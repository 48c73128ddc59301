import { caseIntent, trunkIds } from '../cases/cases.ts';
import { compile } from '../entries/compile.ts';
import type { Intent, TrunkIntent } from '../intent.ts';
import type { Lookup } from './call.ts';
import { decideRegistration } from './decide-registration.ts';

const lookupOf = (intent: Intent): Lookup => {
  const entries = new Map(compile(intent).map((e) => [`${e.kind} ${e.key}`, e.value]));
  return (kind, key) => entries.get(`${kind} ${key}`) ?? null;
};
const withTrunk = (over: Partial<TrunkIntent>): Intent => ({
  ...caseIntent,
  trunks: caseIntent.trunks.map((t) => (t.id === trunkIds.us ? { ...t, ...over } : t)),
});
const ask = (intent: Intent, expiresSecs = 600, user = 'us', sourceAddress = '198.51.100.7') =>
  decideRegistration({ sourceAddress, user, expiresSecs }, lookupOf(intent));
const limits = { contactsMax: 1, expiresMinSecs: 120, expiresMaxSecs: 900 };

describe('decideRegistration', () => {
  it('saves the contact of a trunk for as long as was asked, at most an hour, five at most', () => {
    expect(ask(caseIntent)).toEqual({ action: 'save', trunkIds: [trunkIds.us], contactsMax: 5, expiresSecs: 600 });
    expect(ask(caseIntent, 7200)).toMatchObject({ expiresSecs: 3600 });
    expect(ask(caseIntent, 10)).toMatchObject({ expiresSecs: 10 }); // made a minute by the registrar
  });

  it('heeds the limits of the trunk; to end a registration is never too brief', () => {
    const registration = limits;
    expect(ask(withTrunk({ registration }), 119)).toEqual({ action: 'too_brief', expiresMinSecs: 120 });
    expect(ask(withTrunk({ registration }), 120)).toMatchObject({ action: 'save', contactsMax: 1, expiresSecs: 120 });
    expect(ask(withTrunk({ registration }), 3600)).toMatchObject({ expiresSecs: 900 });
    expect(ask(withTrunk({ registration }), 0)).toMatchObject({ action: 'save', expiresSecs: 0 });
  });

  it('takes a password that is good at some addresses only at those', () => {
    const intent = withTrunk({ authMode: 'both', sourceNetworks: ['203.0.113.0/25'] });
    expect(ask(intent)).toMatchObject({ action: 'reject', reason: { code: 'trunk.address_not_allowed' } });
    expect(ask(intent, 600, 'us', '203.0.113.127')).toMatchObject({ action: 'save' });
    expect(ask(intent, 600, 'us', '203.0.113.128')).toMatchObject({ action: 'reject' });
  });

  it('gives the contact to every trunk that shares the user, by the strictest of their limits', () => {
    const trunks = [trunkIds.us, trunkIds.gb].map((trunkId, i) => ({ trunkId, techPrefix: `9${i}` }));
    const intent = {
      ...withTrunk({ registration: limits }),
      sharedCredentials: [{ username: 'shared', ha1Md5: ['a'.repeat(32)], trunks }],
    };
    expect(ask(intent, 3600, 'shared')).toEqual({ action: 'save', trunkIds: [trunkIds.us, trunkIds.gb], contactsMax: 1, expiresSecs: 900 });
  });

  it('knows nobody who is not there, and no password of a trunk that is known by address alone', () => {
    expect(ask(caseIntent, 600, 'nobody')).toMatchObject({ action: 'reject', reason: { code: 'trunk.unknown' } });
    expect(ask(withTrunk({ authMode: 'ip' }))).toMatchObject({ action: 'reject' });
  });
});
