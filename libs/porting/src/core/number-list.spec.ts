import fc from 'fast-check';
import { readNumberList } from './number-list.ts';

const read = (text: string, home = 'US', max = 5_000) => {
  const { groups, faults } = readNumberList(text, home, max);
  return {
    groups: groups.map((g) => `${g.country} ${g.type}: ${g.numbers.join(' ')}`),
    faults: faults.map((f) => `${f.line} ${f.code} ${f.text}`),
  };
};

describe('a pasted list', () => {
  it('is read in every usual writing', () => {
    const text = '(212) 555-0123, 212.555.0124;+1 212-555-0125\t1-212-555-0126\r\n"2125550127"';
    expect(read(text.replaceAll('"', ''))).toEqual({
      groups: ['US local: +12125550123 +12125550124 +12125550125 +12125550126 +12125550127'],
      faults: [],
    });
  });

  it('falls into groups by country and type', () => {
    expect(read('+12125550123\n8005550199\n+14165550123\n+442079460123\n+447400123456\n+12125550124').groups).toEqual([
      'US local: +12125550123 +12125550124',
      'US toll_free: +18005550199',
      'CA local: +14165550123',
      'GB local: +442079460123',
      'GB mobile: +447400123456',
    ]);
  });

  it('knows ranges from hyphens', () => {
    expect(read('+493012345698 - +493012345701', 'DE').groups).toEqual([
      'DE local: +493012345698 +493012345699 +493012345700 +493012345701',
    ]);
    expect(read('212-555-0198..212-555-0200').groups).toEqual(['US local: +12125550198 +12125550199 +12125550200']);
    expect(read('212-555-0198–2125550199').groups).toEqual(['US local: +12125550198 +12125550199']);
  });

  it.each([
    ['911', 'malformed'],
    ['hello', 'malformed'],
    ['2125550123 x44', 'malformed'],
    ['1.2125550123E+10', 'scientific'],
    ['2125550123 - 2125550120', 'bad_range'],
    ['2125550000 - 2125559999', 'bad_range'],
    ['2125550123 - 2125550124 - 2125550125', 'malformed'],
    ['9005550123', 'not_portable'],
  ])('says what is wrong with %j', (text, code) => {
    expect(read(`2125550100\n${text}\n2125550101`)).toEqual({
      groups: ['US local: +12125550100 +12125550101'],
      faults: [`2 ${code} ${text}`],
    });
  });

  it('names the line of a number that is there twice, and stops at the most that one order takes', () => {
    const { faults } = readNumberList('2125550123\n\n+1 212 555 0123', 'US', 10);
    expect(faults).toEqual([{ line: 3, text: '+1 212 555 0123', code: 'duplicate', detail: '+12125550123 is already on line 1' }]);
    expect(read('2125550123\n2125550124', 'US', 1).faults).toEqual(['2 too_many 2125550124']);
  });

  it('never throws, and gives back each number once', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+- .–,;\n\tex') }), (text) => {
        const numbers = readNumberList(text, 'US', 100).groups.flatMap((g) => g.numbers);
        expect(new Set(numbers).size).toBe(numbers.length);
      }),
      { numRuns: 500 },
    );
  });
});
