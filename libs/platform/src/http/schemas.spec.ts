import { idIn } from './schemas.ts';

describe('idIn', () => {
  const id = idIn('trunk');
  it('hands an id on as uuid', () => expect(id.parse('trk_01kaq8x4s7fyz8m2q0w3e5r6t7')).toBe('019aae8e-9327-7fbe-8a0a-e0e0dc5c1b47'));
  it.each([
    ['another kind', 'ten_01kaq8x4s7fyz8m2q0w3e5r6t7'],
    ['more than 128 bits', 'trk_8zzzzzzzzzzzzzzzzzzzzzzzzz'],
    ['128 bits of no uuid (RFC 9562 §4.1)', 'trk_01kaq8x4s7fyz0m2q0w3e5r6t7'],
  ])('refuses %s', (_, text) => {
    const { success, error } = id.safeParse(text);
    expect([success, error?.issues.map((i) => [i.code, i.message])]).toEqual([
      false,
      [['invalid_format', 'must be an id like trk_01kaq8x4s7fyz8m2q0w3e5r6t7']],
    ]);
  });
});
