import { decodeE164Cursor, encodeE164Cursor } from './e164-cursor.ts';

it('comes back as it went', () => expect(decodeE164Cursor(encodeE164Cursor('+12025550123'))).toBe('+12025550123'));
it.each(['', '!', 'nonsense', btoa('12025550123'), btoa("+1' OR 1=1")])('refuses %j', (text) =>
  expect(() => decodeE164Cursor(text)).toThrow('cursor'),
);
