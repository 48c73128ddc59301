import { fromPublicId, parseE164 } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { NumberType as LibraryType, PhoneNumber } from 'libphonenumber-js/max';

export const NUMBER_COLUMNS = [
  'number',
  'last_number',
  'country',
  'area_code',
  'region',
  'locality',
  'rate_center',
  'lata',
  'type',
  'features',
  'carrier_id',
] as const;
export type NumberColumn = (typeof NUMBER_COLUMNS)[number];
export type NumberCells = { readonly [K in NumberColumn]: string }; // trimmed; '' when absent
export const NO_CELLS = Object.fromEntries(NUMBER_COLUMNS.map((column) => [column, ''])) as NumberCells;

export const NUMBER_TYPES = ['local', 'national', 'mobile', 'toll_free', 'shared_cost', 'premium', 'uan', 'voip'] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** What a number can do, as far as its carrier says. */
export const NUMBER_FEATURES = ['voice', 'sms', 'mms', 'fax', 'emergency', 'hd_voice', 'international_sms', 'local_calling'] as const;
export type NumberFeature = (typeof NUMBER_FEATURES)[number];

/** Where a number belongs to no country (+800, +870, +883 and the like): a code that ISO 3166 leaves to its users. */
export const NO_COUNTRY = 'ZZ';

/** A number the platform holds, as it enters the inventory. */
export type InventoryNumber = {
  readonly e164: E164;
  readonly country: string; //  ISO 3166-1 alpha-2, or NO_COUNTRY
  readonly areaCode: string; // national destination code without trunk prefix; '' when the digits show none
  readonly region: string | null; // state, province or county
  readonly locality: string | null;
  readonly rateCenter: string | null; // where North America rates its calls
  readonly lata: string | null; // of the United States: the transport area of the rate center
  readonly features: readonly NumberFeature[];
  readonly type: NumberType; // what the carrier says, else a guess from the digits
  readonly carrierId: string | null; // uuid
};
export type CellFault = { readonly column: NumberColumn; readonly code: string; readonly detail: string };

const PLACE_MAX = 120;
/** Numbers that one line may add. */
export const RANGE_MAX = 10_000;
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

/** Of how many numbers in a row the line tells: 1 without a last number. */
const readRange = (text: string, first: E164 | undefined, faults: Faults): number => {
  if (text === '' || !first) return 1;
  const last = parseE164(text);
  const count = last && last.length === first.length ? Number(last) - Number(first) + 1 : 0;
  if (count < 1) faults.add('last_number', 'malformed', `An E.164 number of as many digits as ${first}, and no smaller`);
  else if (count > RANGE_MAX) faults.add('last_number', 'too_many', `${count} numbers; a line may add ${RANGE_MAX}`);
  return count;
};

const readFeatures = (text: string, faults: Faults): NumberFeature[] => {
  const said = text === '' ? ['voice'] : text.split(/[\s|+]+/).filter(Boolean);
  const known = NUMBER_FEATURES.filter((feature) => said.includes(feature));
  if (said.some((word) => !NUMBER_FEATURES.some((feature) => feature === word)))
    faults.add('features', 'unknown', `Some of ${NUMBER_FEATURES.join(', ')}, with | between them`);
  return known;
};

const readCountry = (text: string, e164: E164, known: PhoneNumber | undefined, faults: Faults): string => {
  if (text === NO_COUNTRY || (text === '' && known?.isNonGeographic())) return NO_COUNTRY;
  if (text === '' && !known?.country) faults.add('country', 'unknown', `The country of ${e164} cannot be told from its digits; name it`);
  if (text === '') return known?.country ?? '';
  if (!isSupportedCountry(text)) faults.add('country', 'malformed', 'An ISO 3166-1 alpha-2 code in capitals, e.g. US');
  else if (!e164.startsWith(`+${getCountryCallingCode(text)}`)) faults.add('country', 'mismatch', `${e164} is no number of ${text}`);
  return text;
};

// the second group of the international format is the area code: what libphonenumber's getLengthOfNationalDestinationCode does
const readAreaCode = (text: string, e164: E164, country: string, known: PhoneNumber | undefined, faults: Faults): string => {
  if (text === '' && country === NO_COUNTRY) return '';
  if (text === '') return known?.formatInternational().split(/\D+/).filter(Boolean).slice(0, -1)[1] ?? '';
  if (!/^\d{1,9}$/.test(text)) faults.add('area_code', 'malformed', '1 to 9 digits, e.g. 202');
  else if (isSupportedCountry(country) && !e164.startsWith(`+${getCountryCallingCode(country)}${text}`))
    faults.add('area_code', 'mismatch', `${e164} is not in area ${text}; write it without a leading 0`);
  return text;
};

const readPlace = (column: 'region' | 'locality' | 'rate_center', text: string, faults: Faults): string | null => {
  if (text.length > PLACE_MAX || /\p{Cc}/u.test(text))
    faults.add(column, 'malformed', `At most ${PLACE_MAX} characters, no control characters`);
  return text === '' ? null : text;
};

const readRating = (cells: NumberCells, e164: E164 | undefined, faults: Faults): { rateCenter: string | null; lata: string | null } => {
  const { lata } = cells;
  const rateCenter = readPlace('rate_center', cells.rate_center, faults);
  if (lata !== '' && !/^\d{3}$/.test(lata)) faults.add('lata', 'malformed', '3 digits, e.g. 236');
  const only = 'Only a number of North America has one';
  if (e164 && !e164.startsWith('+1') && rateCenter !== null) faults.add('rate_center', 'mismatch', only);
  if (e164 && !e164.startsWith('+1') && lata !== '') faults.add('lata', 'mismatch', only);
  return { rateCenter, lata: lata === '' ? null : lata };
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
 * @returns the first number, and how many from it on the line tells of
 * @param carriers uuids of the carriers there are
 */
export const readNumberRow = (
  cells: NumberCells,
  carriers: ReadonlySet<string>,
): { number?: InventoryNumber; count: number; faults: readonly CellFault[] } => {
  const faults = new Faults();
  const e164 = readNumber(cells.number, faults);
  const count = readRange(cells.last_number, e164, faults);
  const region = readPlace('region', cells.region, faults);
  const locality = readPlace('locality', cells.locality, faults);
  const rating = readRating(cells, e164, faults);
  const features = readFeatures(cells.features, faults);
  const carrierId = readCarrier(cells.carrier_id, carriers, faults);
  const complete = cells.country !== '' && cells.area_code !== '' && cells.type !== '';
  const known = e164 && !complete ? parsePhoneNumberFromString(e164) : undefined; // slow, so only where there is something to tell
  const type = readType(cells.type, known, faults);
  if (!e164) return { count, faults: faults.list };
  const country = readCountry(cells.country, e164, known, faults);
  const areaCode = readAreaCode(cells.area_code, e164, country, known, faults);
  if (faults.list.length > 0) return { count, faults: faults.list };
  return { number: { e164, country, areaCode, region, locality, ...rating, features, type, carrierId }, count, faults: [] };
};
