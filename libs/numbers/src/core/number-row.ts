import { fromPublicId, parseE164 } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { NumberType as LibraryType, PhoneNumber } from 'libphonenumber-js/max';

export const NUMBER_COLUMNS = ['number', 'country', 'area_code', 'locality', 'type', 'carrier_id'] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];
export type NumberCells = { readonly [K in NumberColumn]: string }; // trimmed; '' when absent

export const NUMBER_TYPES = ['local', 'national', 'mobile', 'toll_free', 'shared_cost', 'premium', 'uan', 'voip'] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** A number the platform holds, as it enters the inventory. */
export type InventoryNumber = {
  readonly e164: E164;
  readonly country: string; //  ISO 3166-1 alpha-2
  readonly areaCode: string; // national destination code without trunk prefix; '' when the digits show none
  readonly locality: string | null;
  readonly type: NumberType; // what the carrier says, else a guess from the digits
  readonly carrierId: string | null; // uuid
};
export type CellFault = { readonly column: NumberColumn; readonly code: string; readonly detail: string };

const LOCALITY_MAX = 120;
const TYPE_OF: Partial<Record<NonNullable<LibraryType>, NumberType>> = {
  MOBILE: 'mobile',
  TOLL_FREE: 'toll_free',
  SHARED_COST: 'shared_cost',
  PREMIUM_RATE: 'premium',
  UAN: 'uan',
  VOIP: 'voip',
  PERSONAL_NUMBER: 'national',
  PAGER: 'national',
  VOICEMAIL: 'national',
};

class Faults {
  readonly list: CellFault[] = [];
  add(column: NumberColumn, code: string, detail: string): void {
    this.list.push({ column, code, detail });
  }
}

const readNumber = (text: string, faults: Faults): E164 | undefined => {
  const e164 = parseE164(text);
  const digits = text.replace(/\D/g, '').length;
  if (e164) return e164;
  if (text === '') faults.add('number', 'missing', 'The line has no number');
  else if (/^\d+([.,]\d+)?e\+?\d+$/i.test(text))
    faults.add('number', 'scientific', `${text} was made by a spreadsheet; format the column as text and export again`);
  else if (digits > 15) faults.add('number', 'too_long', `${digits} digits; an E.164 number has at most 15`);
  else faults.add('number', 'malformed', 'An E.164 number is + and 6 to 15 digits, e.g. +12025550123');
  return undefined;
};

const readCountry = (text: string, e164: E164, known: PhoneNumber | undefined, faults: Faults): string => {
  if (text === '' && !known?.country) faults.add('country', 'unknown', `The country of ${e164} cannot be told from its digits; name it`);
  if (text === '') return known?.country ?? '';
  if (!isSupportedCountry(text)) faults.add('country', 'malformed', 'An ISO 3166-1 alpha-2 code in capitals, e.g. US');
  else if (!e164.startsWith(`+${getCountryCallingCode(text)}`)) faults.add('country', 'mismatch', `${e164} is no number of ${text}`);
  return text;
};

// the second group of the international format is the area code: what libphonenumber's getLengthOfNationalDestinationCode does
const readAreaCode = (text: string, e164: E164, country: string, known: PhoneNumber | undefined, faults: Faults): string => {
  if (text === '') return known?.formatInternational().split(/\D+/).filter(Boolean).slice(0, -1)[1] ?? '';
  if (!/^\d{1,9}$/.test(text)) faults.add('area_code', 'malformed', '1 to 9 digits, e.g. 202');
  else if (isSupportedCountry(country) && !e164.startsWith(`+${getCountryCallingCode(country)}${text}`))
    faults.add('area_code', 'mismatch', `${e164} is not in area ${text}; write it without a leading 0`);
  return text;
};

const readLocality = (text: string, faults: Faults): string | null => {
  if (text.length > LOCALITY_MAX || /\p{Cc}/u.test(text))
    faults.add('locality', 'malformed', `At most ${LOCALITY_MAX} characters, no control characters`);
  return text === '' ? null : text;
};

const readType = (text: string, known: PhoneNumber | undefined, faults: Faults): NumberType => {
  const type = NUMBER_TYPES.find((t) => t === text);
  if (text !== '' && !type) faults.add('type', 'unknown', `One of ${NUMBER_TYPES.join(', ')}`);
  return type ?? TYPE_OF[known?.getType() ?? 'FIXED_LINE'] ?? 'local';
};

const readCarrier = (text: string, carriers: ReadonlySet<string>, faults: Faults): string | null => {
  if (text === '') return null;
  const id = fromPublicId('carrier', text);
  if (id === undefined || !carriers.has(id)) faults.add('carrier_id', 'unknown', `There is no carrier ${text.slice(0, 40)}`);
  return id ?? null;
};

/**
 * Reads one line. Every fault of it is listed; with none there is a number. Country, area code and type are told from the digits where the
 * cells are empty.
 * @param carriers uuids of the carriers there are
 */
export const readNumberRow = (
  cells: NumberCells,
  carriers: ReadonlySet<string>,
): { number?: InventoryNumber; faults: readonly CellFault[] } => {
  const faults = new Faults();
  const e164 = readNumber(cells.number, faults);
  const locality = readLocality(cells.locality, faults);
  const carrierId = readCarrier(cells.carrier_id, carriers, faults);
  const complete = cells.country !== '' && cells.area_code !== '' && cells.type !== '';
  const known = e164 && !complete ? parsePhoneNumberFromString(e164) : undefined; // slow, so only where there is something to tell
  const type = readType(cells.type, known, faults);
  if (!e164) return { faults: faults.list };
  const country = readCountry(cells.country, e164, known, faults);
  const areaCode = readAreaCode(cells.area_code, e164, country, known, faults);
  return faults.list.length > 0 ? { faults: faults.list } : { number: { e164, country, areaCode, locality, type, carrierId }, faults: [] };
};
