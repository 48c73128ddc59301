import { faultOfPassword } from './password.ts';

it.each(['aaaaaaaaaaaaaaaa', 'abababababababab', 'ada@example.com', 'ada@example.com1234', 'ADA.example.com'])('refuses %j', (password) =>
  expect(faultOfPassword(password, 'ada@example.com')).toEqual(expect.any(String)),
);
it('takes a sentence', () => expect(faultOfPassword('trunks ring twice', 'ada@example.com')).toBeUndefined());
