import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** Elements that may come once or often: they are lists either way. */
const LISTS = new Set([
  'PhoneNumber',
  'Tn',
  'TelephoneNumber',
  'Errors',
  'Error',
  'Note',
  'fileData',
  'LosingCarrierTnList',
  'RateCenterGroup',
  'lnpPortInfoForGivenStatus',
]);
// values stay text: a number of ten digits is none to calculate with
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: true, isArray: (name) => LISTS.has(name) });
const builder = new XMLBuilder({ ignoreAttributes: true, suppressEmptyNode: true });

/**
 * An XML document as an object, the root element its only key. What defines entities is not read: nothing of ours needs them, and they can grow.
 * @throws when it is no XML, or defines entities
 */
export const readXml = (text: string): unknown => {
  if (text.trim() === '') return {};
  if (/<!DOCTYPE/i.test(text)) throw new Error('the XML has a document type');
  if (XMLValidator.validate(text) !== true) throw new Error('this is no XML');
  return parser.parse(text) as unknown;
};

/** What is undefined is left out. */
export const writeXml = (root: string, content: object): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${builder.build({ [root]: content })}`;
