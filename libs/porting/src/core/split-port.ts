import type { Portability } from '@trunkline/carriers';

/** What one order at a carrier may hold: numbers of one country and type, from one losing carrier, all or none for the fast lane. */
export type PortGroup = Pick<Portability, 'country' | 'type' | 'losingCarrier' | 'fastPort'> & { readonly numbers: readonly string[] };

/** The groups that numbers fall into, each small enough for one order. They partition the numbers. */
export const splitPort = (results: readonly Portability[], numbersMax: number): readonly PortGroup[] => {
  const groups = new Map<string, { of: Portability; numbers: string[] }>();
  for (const result of results) {
    const { country, type, losingCarrier, fastPort } = result;
    const key = [country, type, losingCarrier.id, fastPort].join('|');
    const group = groups.get(key) ?? { of: result, numbers: [] };
    group.numbers.push(result.e164);
    groups.set(key, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(
      ([
        ,
        {
          of: { country, type, losingCarrier, fastPort },
          numbers,
        },
      ]) => pieces(numbers, numbersMax).map((piece) => ({ country, type, losingCarrier, fastPort, numbers: piece })),
    );
};

const pieces = (numbers: readonly string[], max: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(numbers.length / max) }, (_, i) => numbers.slice(i * max, (i + 1) * max));
