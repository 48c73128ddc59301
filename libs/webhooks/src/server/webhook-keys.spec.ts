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

it('tells the public key that verifies v1a', () => {
  const keys = newKeys();
  const x = Buffer.from(publicKeyOf(keys).replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signature = Buffer.from(signV1a(keys.seed, ID, TIMESTAMP, BODY).replace('v1a,', ''), 'base64');
  expect(verify(null, Buffer.from(`${ID}.${TIMESTAMP}.${BODY}`), key, signature)).toBe(true);
  expect(verify(null, Buffer.from(`${ID}.${TIMESTAMP}.${BODY} `), key, signature)).toBe(false);
});

it('makes secrets of 32 random bytes', () => {
  const { secret } = newKeys();
  expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
  expect(newKeys().secret).not.toBe(secret);
});
