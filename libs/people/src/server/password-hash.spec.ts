import { hashPassword, isPassword } from './password-hash.ts';

it('knows a password again, and no other', async () => {
  const kept = await hashPassword('trunks ring twice');
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(kept).not.toContain('trunks');
  expect(await isPassword('trunks ring twice', kept)).toBe(true);
  expect(await isPassword('trunks ring once!', kept)).toBe(false);
});
it('salts each for itself', async () => expect(await hashPassword('trunks ring twice')).not.toBe(await hashPassword('trunks ring twice')));
it('takes a password however its accents were typed', async () =>
  expect(await isPassword('cafe\u0301 trunk line', await hashPassword('caf\u00e9 trunk line'))).toBe(true));
it('lets nobody in who has no password', async () => expect(await isPassword('', null)).toBe(false));
