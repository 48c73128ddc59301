export type ZoneOffset = { readonly since: number; readonly minutes: number };

const WEEK = 7 * 86_400;
const found = new Map<string, readonly ZoneOffset[]>();

export const isTimeZone = (name: string): boolean => {
  try {
    return /^[A-Z][A-Za-z0-9_+/-]+$/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
};

/**
 * How many minutes ahead of UTC a zone's clocks are from the beginning of one year to the end of another: at the beginning, and from each second on
 * at which they are set. No zone sets its clocks twice within a week. Remembered, for it takes some milliseconds to find out.
 */
export const zoneOffsets = (timeZone: string, fromYear: number, toYear: number): readonly ZoneOffset[] => {
  const key = `${timeZone} ${fromYear} ${toYear}`;
  const known = found.get(key) ?? findOffsets(timeZone, fromYear, toYear);
  found.set(key, known);
  return known;
};

const findOffsets = (timeZone: string, fromYear: number, toYear: number): readonly ZoneOffset[] => {
  const minutesAt = offsetsOf(timeZone);
  const begin = Date.UTC(fromYear, 0, 1) / 1000;
  const end = Date.UTC(toYear + 1, 0, 1) / 1000;
  const offsets: ZoneOffset[] = [{ since: begin, minutes: minutesAt(begin) }];
  for (let at = begin; at < end; at += WEEK) {
    const [before, after] = [minutesAt(at), minutesAt(at + WEEK)];
    if (before !== after) offsets.push({ since: turn(minutesAt, at, at + WEEK), minutes: after });
  }
  return offsets;
};

/** The second at which the clocks are set, between one at which they are not and one at which they are. */
const turn = (minutesAt: (secs: number) => number, before: number, after: number): number => {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (minutesAt(middle) === minutesAt(before)) low = middle;
    else high = middle;
  }
  return high;
};

const offsetsOf = (timeZone: string): ((secs: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (secs) => {
    const [, sign = '+', hours = '0', mins = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(format.format(secs * 1000)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(mins));
  };
};
