import { TOTP } from 'otpauth';
import { hashRecoveryCode, newRecoveryCodes, newTotpKey, stepOfCode, totpUri } from './totp.ts';

const now = new Date('2026-11-26T12:00:10Z');
const codeAt = (key: string, at: Date) => TOTP.generate({ secret: new TOTP({ secret: key }).secret, timestamp: at.getTime() });
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

it('answers the test vectors of RFC 6238', () => {
  const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(stepOfCode(key, '287082', new Date(59_000), null)).toBe(1n);
  expect(stepOfCode(key, '081804', new Date(1_111_111_109_000), null)).toBe(37_037_036n);
});
it('takes a code a step early or late, once', () => {
  const key = newTotpKey();
  const step = stepOfCode(key, codeAt(key, now), now, null);
  expect(step).toBe(BigInt(Math.floor(now.getTime() / 30_000)));
  expect(stepOfCode(key, codeAt(key, now), later(30), null)).toBe(step);
  expect(stepOfCode(key, codeAt(key, now), later(90), null)).toBeUndefined();
  expect(stepOfCode(key, codeAt(key, now), now, step!)).toBeUndefined();
});
it('gives apps what they read', () =>
  expect(totpUri(newTotpKey(), 'ada@example.com')).toMatch(/^otpauth:\/\/totp\/Trunkline:ada%40example\.com\?/));
it('makes ten recovery codes that are known however they are typed', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  expect(codes[0]).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  expect(hashRecoveryCode(codes[0]!.toUpperCase().replaceAll('-', ' '))).toEqual(hashRecoveryCode(codes[0]!));
});
