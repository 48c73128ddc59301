import type { E164 } from '@trunkline/kernel';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** The national destination code without trunk prefix; '' when the digits show none. It is the second group of the international format. */
export const areaCodeOf = (e164: E164): string =>
  parsePhoneNumberFromString(e164)?.formatInternational().split(/\D+/).filter(Boolean).slice(0, -1)[1] ?? '';
