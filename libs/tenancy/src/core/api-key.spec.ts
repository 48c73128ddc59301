import { apiKeyFrom, apiKeyHint, isWellFormedApiKey } from './api-key.ts';

const key = apiKeyFrom(Uint8Array.from({ length: 80 }, (_, i) => (i * 37) % 256));

describe('API key', () => {
  it('has the prefix, 30 characters and a checksum', () => expect(key).toMatch(/^tl_live_[0-9A-Za-z]{36}$/));
  it('is well formed', () => expect(isWellFormedApiKey(key)).toBe(true));
  it('is refused with one character changed', () => {
    const at = 12;
    const other = key[at] === 'a' ? 'b' : 'a';
    expect(isWellFormedApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
  });
  it('needs enough random bytes', () => expect(() => apiKeyFrom(new Uint8Array(10))).toThrow());
  it('hints at no more than eight characters', () => expect(apiKeyHint(key).replace('tl_live_', '').replace('…', '')).toHaveLength(8));
});
