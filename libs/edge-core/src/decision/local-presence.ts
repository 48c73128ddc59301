/** Calling codes of one and two digits; all others have three (ITU-T E.164 list). */
const CALLING_CODE = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const NORTH_AMERICAN_AREA = 3;

/** How many digits two numbers must share to be of one area: North America's whole area code, elsewhere one digit more than the country's. */
const areaLength = (digits: string): number => {
  const code = CALLING_CODE.exec(digits);
  const callingCode = code === null ? 3 : code[0].length;
  return callingCode + (digits.charAt(0) === '1' ? NORTH_AMERICAN_AREA : 1);
};

const sharedLength = (a: string, b: string): number => {
  let length = 0;
  while (length < a.length && length < b.length && a.charAt(length) === b.charAt(length)) length++;
  return length;
};

/** Where `digits` would stand in the sorted pool. */
const placeIn = (pool: readonly string[], digits: string): number => {
  let low = 0;
  let high = pool.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pool[middle] || '') < digits) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The number of a pool that is nearest to whom is called: the one that shares the most leading digits with it, of several the first; null when
 * none is of its area. All are E.164 digits, and the pool is sorted, so that the nearest stand where the called number would.
 */
export const nearestNumber = (pool: readonly string[], called: string): string | null => {
  const place = placeIn(pool, called);
  const shared = Math.max(sharedLength(pool[place - 1] || '', called), sharedLength(pool[place] || '', called));
  if (shared < areaLength(called)) return null;
  return pool[placeIn(pool, called.substring(0, shared))] || null;
};
