import { arrayLiteral } from './array-literal.ts';

describe('an array literal', () => {
  it.each<[Parameters<typeof arrayLiteral>[0], string]>([
    [[], '{}'],
    [['a', null, '+1_2@b.c:5'], '{a,NULL,+1_2@b.c:5}'],
    [['', 'NULL', 'null', 'a b', 'a,b', '{}', '"', '\\'], '{"","NULL","null","a b","a,b","{}","\\"","\\\\"}'],
    [[1, -2n, 9_007_199_254_740_993n], '{1,-2,9007199254740993}'],
    [[new Date('2026-11-23T10:00:00.001Z')], '{2026-11-23T10:00:00.001Z}'],
    [['zoë\n🐳'], '{"zoë\n🐳"}'],
  ])('of %j', (values, text) => expect(arrayLiteral(values)).toBe(text));
});
