import { PhoneNumberFormat, PhoneNumberType, PhoneNumberUtil } from 'google-libphonenumber';

const util = PhoneNumberUtil.getInstance();
const { FIXED_LINE, MOBILE, TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP, PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL } = PhoneNumberType;
const TYPES = [FIXED_LINE, MOBILE, TOLL_FREE, PREMIUM_RATE, SHARED_COST, VOIP, PERSONAL_NUMBER, PAGER, UAN, VOICEMAIL];
/** Of codes that are no country's; the library tells one for each code, its metadata has these. */
const OF_NO_COUNTRY = [
  ...['+80012345678', '+80812345678', '+870301234567', '+870201234567', '+878101234567890', '+881612345678'],
  ...['+8823421234', '+882390123456789', '+88234851234567', '+883510012345', '+88812345678901', '+979123456789'],
];

/** The 1,144 example numbers of libphonenumber's metadata: of each type that each country has, some of several countries. */
export const exampleNumbers: readonly string[] = [
  ...util.getSupportedRegions().flatMap((region) =>
    TYPES.flatMap((type) => {
      const number = util.getExampleNumberForType(region, type);
      return number ? [util.format(number, PhoneNumberFormat.E164)] : [];
    }),
  ),
  ...OF_NO_COUNTRY,
];
