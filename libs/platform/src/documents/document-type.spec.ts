import { documentTypeOf } from './document-type.ts';

it.each([
  ['%PDF-1.7', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['II*\0\x08', 'image/tiff'],
  ['MM\0*\0', 'image/tiff'],
  ['II*', undefined],
  ['<html>', undefined],
  ['', undefined],
  ['%PD', undefined],
])('%j', (text, type) => expect(documentTypeOf(Buffer.from(text, 'latin1'))).toBe(type));
