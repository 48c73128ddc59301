import { canonicalEmail, domainOf } from './email.ts';

it.each([
  ['Ada@Example.COM', 'ada@example.com'],
  [' ada+trunks@mail.example.com ', 'ada+trunks@mail.example.com'],
  ["o'neil@example.com", "o'neil@example.com"],
])('reads %j', (text, email) => expect(canonicalEmail(text)).toBe(email));

it.each([
  'ada',
  'ada@',
  '@example.com',
  'ada@localhost',
  'a..b@example.com',
  'a b@example.com',
  'ada@example.com\r\nbcc: x@y.example',
  'ada@[127.0.0.1]',
  `${'a'.repeat(65)}@example.com`,
])('refuses %j', (text) => expect(canonicalEmail(text)).toBeUndefined());

it('knows the domain', () => expect(domainOf('ada@mail.example.com')).toBe('mail.example.com'));
