import { cookieNamed, sessionCookie, sessionTokenIn } from './session-cookie.ts';

const token = 'a'.repeat(43);
it('is kept from scripts, other sites and plain HTTP', () => {
  expect(sessionCookie('https://trunks.example', token)).toBe(
    `__Host-trunkline_session=${token}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict; Secure`,
  );
  expect(sessionCookie('http://127.0.0.1:3000', token)).toBe(
    `trunkline_session=${token}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict`,
  );
});
it('is found among others, unless it is doubtful', () => {
  expect(sessionTokenIn(`a=b; trunkline_session=${token}; c=d`, 'http://x')).toBe(token);
  expect(sessionTokenIn(`trunkline_session=${token}`, 'https://x')).toBeUndefined();
  expect(sessionTokenIn(`trunkline_session=${token}; trunkline_session=${'b'.repeat(43)}`, 'http://x')).toBeUndefined();
  expect(sessionTokenIn('trunkline_session=short', 'http://x')).toBeUndefined();
  expect(cookieNamed(undefined, 'a')).toBeUndefined();
});
