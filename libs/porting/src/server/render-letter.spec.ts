import { inflateSync } from 'node:zlib';
import type { Letter, LetterSignature } from '../core/letter-of-authority.ts';
import { hashNumbers } from './hash-numbers.ts';
import { renderLetter } from './render-letter.ts';

const numbers = Array.from({ length: 3 }, (_, i) => `+1212555010${i}`);
const letter = (other: Partial<Letter> = {}): Letter => ({
  subscriberName: 'Żółć & Søn, Αθήνα Мир',
  addressLines: ['350 Fifth Avenue', 'New York NY 10118'],
  accountNumber: '4471-0098',
  billingNumber: null,
  losingCarrier: 'Old Telephone Co',
  gainingCarrier: 'Trunkline',
  numbers,
  numbersStay: false,
  ...other,
});
const signature = (other: Partial<LetterSignature> = {}): LetterSignature => ({
  signerName: 'Łukasz Żółć',
  signerTitle: 'Geschäftsführer',
  signedAt: new Date('2026-11-26T12:00:00Z'),
  address: '2001:db8::7',
  userAgent: 'Mozilla/5.0',
  numbersHash: hashNumbers(numbers),
  ...other,
});

/** The text of a PDF, through the table that maps its glyphs back to characters: what a reader copies out of it. */
const textOf = (pdf: Buffer): string => {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, body]) => {
    try {
      return inflateSync(Buffer.from(body!, 'latin1')).toString('latin1');
    } catch {
      return '';
    }
  });
  return streams.filter((s) => s.includes('beginbfrange') || s.includes('TJ')).join('\n');
};
const pagesOf = (pdf: Buffer): number => [...pdf.toString('latin1').matchAll(/\/Type \/Page\n/g)].length;

describe('the letter', () => {
  it('is a PDF that is the same for the same letter', async () => {
    const [one, two] = [await renderLetter(letter(), signature()), await renderLetter(letter(), signature())];
    expect(one.subarray(0, 5).toString()).toBe('%PDF-');
    expect(one.equals(two)).toBe(true);
    expect(pagesOf(one)).toBe(1);
  });

  it('carries fonts of its own, with the letters of names as they are written', async () => {
    const pdf = await renderLetter(letter(), signature());
    expect(pdf.toString('latin1')).toContain('/FontFile2');
    const mapped = textOf(pdf).toLowerCase();
    for (const c of 'ŁŻółćøΑθМ') expect(mapped).toContain(c.codePointAt(0)!.toString(16).padStart(4, '0'));
  });

  it('puts a long list on pages of its own', async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `+1212${5_550_000 + i}`);
    const pdf = await renderLetter(letter({ numbers: many }), signature({ numbersHash: hashNumbers(many) }));
    expect(pagesOf(pdf)).toBe(1 + Math.ceil(5_000 / 4 / 56));
  });

  it('names the field and the characters that it could not print', async () => {
    const error = await renderLetter(letter({ subscriberName: '株式会社 Nord' }), signature()).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/fields/subscriber_name', code: 'unprintable' }] });
    expect((error as Error).message).toContain('株');
  });

  it('is never printed with other numbers than were signed for', async () => {
    await expect(renderLetter(letter({ numbers: [...numbers, '+12125550109'] }), signature())).rejects.toThrow('other numbers');
  });
});
