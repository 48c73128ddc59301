import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { invalidField } from '@trunkline/kernel';
import { create } from 'fontkit';
import type { Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { authorityOf } from '../core/letter-of-authority.ts';
import type { Letter, LetterSignature } from '../core/letter-of-authority.ts';
import { hashNumbers } from './hash-numbers.ts';

const fontFile = (name: string): Buffer => readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
const REGULAR = fontFile('DejaVuSans');
const BOLD = fontFile('DejaVuSans-Bold');
const glyphs = create(REGULAR) as Font;

const MARGIN_PT = 56;
const COLUMNS = 4;
const LINE_PT = 13;
const SHORT_LIST_MAX = 24; // a longer one goes on pages of its own

/** A name with empty boxes in it is refused by carriers. @throws AppError request.invalid naming the field and the characters */
const demandPrintable = (pointer: string, text: string): void => {
  const missing = [...new Set(text)].filter((c) => !glyphs.hasGlyphForCodePoint(c.codePointAt(0)!));
  if (missing.length > 0)
    throw invalidField(pointer, 'unprintable', `The letter’s font has no ${missing.join(' ')}; write it in another script`);
};

const heading = (doc: PDFKit.PDFDocument, text: string): void =>
  void doc.moveDown().font('bold').fontSize(11).text(text).font('regular').fontSize(10);

const account = (doc: PDFKit.PDFDocument, letter: Letter): void => {
  heading(doc, 'Account');
  doc.text(letter.subscriberName);
  for (const line of letter.addressLines) doc.text(line);
  if (letter.accountNumber) doc.text(`Account number: ${letter.accountNumber}`);
  if (letter.billingNumber) doc.text(`Billing number: ${letter.billingNumber}`);
  doc.text(`Current carrier: ${letter.losingCarrier}`);
  doc.text(letter.numbersStay ? 'Other numbers stay on the account.' : 'No other numbers stay on the account.');
};

const numberList = (doc: PDFKit.PDFDocument, numbers: readonly string[]): void => {
  const width = (doc.page.width - 2 * MARGIN_PT) / COLUMNS;
  let y = doc.y;
  for (const [i, number] of numbers.entries()) {
    const column = i % COLUMNS;
    if (column === 0 && i > 0) y += LINE_PT;
    if (column === 0 && y > doc.page.height - MARGIN_PT - LINE_PT) {
      doc.addPage();
      y = MARGIN_PT;
    }
    doc.text(number, MARGIN_PT + column * width, y, { lineBreak: false });
  }
  doc.x = MARGIN_PT;
  doc.y = y + LINE_PT;
};

const signed = (doc: PDFKit.PDFDocument, { signerName, signerTitle, signedAt, address, userAgent, numbersHash }: LetterSignature): void => {
  heading(doc, 'Signed electronically');
  doc.text(signerTitle ? `${signerName}, ${signerTitle}` : signerName);
  doc.text(`${signedAt.toISOString()} (UTC), from ${address}`);
  doc.fontSize(8).text(`Program: ${userAgent}`).text(`SHA-256 of the numbers: ${numbersHash}`).fontSize(10);
};

const write = (doc: PDFKit.PDFDocument, letter: Letter, signature: LetterSignature): void => {
  const short = letter.numbers.length <= SHORT_LIST_MAX;
  doc.font('bold').fontSize(16).text('Letter of authority').font('regular').fontSize(10);
  account(doc, letter);
  heading(doc, `Telephone numbers (${letter.numbers.length})`);
  if (short) numberList(doc, letter.numbers);
  else doc.text('They are listed on the pages that follow, which are part of this letter.');
  doc.moveDown().text(authorityOf(letter.gainingCarrier, letter.losingCarrier));
  signed(doc, signature);
  if (short) return;
  doc.addPage();
  numberList(doc, letter.numbers);
};

const demandWhole = (letter: Letter, { signerName, signerTitle, numbersHash }: LetterSignature): void => {
  demandPrintable('/fields/subscriber_name', letter.subscriberName);
  demandPrintable('/fields/service_address', letter.addressLines.join(''));
  demandPrintable('/signer_name', signerName);
  demandPrintable('/signer_title', signerTitle ?? '');
  if (numbersHash !== hashNumbers(letter.numbers)) throw new Error('a letter was to be printed with other numbers than were signed for');
};

/** The signed letter as a PDF, with its own fonts. The same letter gives the same bytes. */
export const renderLetter = async (letter: Letter, signature: LetterSignature): Promise<Buffer> => {
  demandWhole(letter, signature);
  const info = {
    Title: 'Letter of authority',
    Author: signature.signerName,
    CreationDate: signature.signedAt,
    ModDate: signature.signedAt,
  };
  const doc = new PDFDocument({ size: 'A4', margin: MARGIN_PT, info });
  doc.registerFont('regular', REGULAR).registerFont('bold', BOLD);
  const parts: Buffer[] = [];
  doc.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => doc.on('end', resolve).on('error', reject));
  write(doc, letter, signature);
  doc.end();
  await ended;
  return Buffer.concat(parts);
};
