import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';
import { newKeys, publicKeyOf, signV1, signV1a, signatureHeaders } from './webhook-keys.ts';

// the fixed vectors that the specification's own libraries are tested with
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const TIMESTAMP = 1614265330;
const BODY = '{"test": 2432232314}';

it('signs v1 as the specification does', () =>
  expect(signV1('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', ID, TIMESTAMP, BODY)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='));

it('signs v1a as the specification does', () =>
  expect(signV1a('VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=', ID, TIMESTAMP, BODY)).toBe(
    'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
  ));

describe.each([
  ['standardwebhooks', Webhook],
  ['svix', Svix],
])('%s', (_, Library) => {
  const [ours, older, stranger] = [newKeys(), newKeys(), newKeys()];
  const headers = signatureHeaders([ours, older], ID, new Date(), BODY);

  it('accepts what is signed, with each secret that is valid', () => {
    for (const { secret } of [ours, older]) expect(new Library(secret).verify(BODY, headers)).toEqual({ test: 2432232314 });
  });
  it('refuses another secret, another body, another id and an old message', () => {
    const verifier = new Library(ours.secret);
    expect(() => new Library(stranger.secret).verify(BODY, headers)).toThrow();
    expect(() => verifier.verify(`${BODY} `, headers)).toThrow();
    expect(() => verifier.verify(BODY, { ...headers, 'webhook-id': 'msg_x' })).toThrow();
    expect(() => verifier.verify(BODY, signatureHeaders([ours], ID, new Date(Date.now() - 600_000), BODY))).toThrow();
  });
});

// neither package knows v1a (they pass it over): here is a receiver by the specification, which has headers, body and public key alone
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex'); // RFC 8410 §4, before the key
const isSigned = (publicKey: string, headers: Readonly<Record<string, string>>, body: string): boolean => {
  const der = Buffer.concat([SPKI_ED25519, Buffer.from(publicKey.slice('whpk_'.length), 'base64')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signatures = (headers['webhook-signature'] ?? '').split(' ').map((s) => s.split(',') as [string, string]);
  return signatures.some(([version, given]) => version === 'v1a' && verify(null, content, key, Buffer.from(given, 'base64')));
};

describe('v1a', () => {
  const [ours, older, stranger] = [newKeys(), newKeys(), newKeys()];
  const headers = signatureHeaders([ours, older], ID, new Date(), BODY);

  it('is verified with each public key that is valid, and with no other', () => {
    const by = (keys: typeof ours) => isSigned(publicKeyOf(keys), headers, BODY);
    expect([ours, older, stranger].map(by)).toEqual([true, true, false]);
  });
  it('holds for this body, id and time alone', () => {
    const key = publicKeyOf(ours);
    expect(isSigned(key, headers, `${BODY} `)).toBe(false);
    expect(isSigned(key, { ...headers, 'webhook-id': 'msg_x' }, BODY)).toBe(false);
    expect(isSigned(key, { ...headers, 'webhook-timestamp': String(TIMESTAMP) }, BODY)).toBe(false);
    const ofAnother = signatureHeaders([stranger], ID, new Date(), BODY)['webhook-signature']!;
    expect(isSigned(key, { ...headers, 'webhook-signature': ofAnother }, BODY)).toBe(false);
  });
  it('is passed over by the packages: alone it is no signature to them', () => {
    const alone = headers['webhook-signature']!.split(' ').filter((s) => s.startsWith('v1a,'));
    expect(alone).toHaveLength(2);
    for (const Library of [Webhook, Svix])
      expect(() => new Library(ours.secret).verify(BODY, { ...headers, 'webhook-signature': alone.join(' ') })).toThrow();
  });
});

it('makes secrets of 32 random bytes', () => {
  const { secret } = newKeys();
  expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
  expect(newKeys().secret).not.toBe(secret);
});
