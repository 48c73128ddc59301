import type { FocWindow } from './porting-carrier.ts';

/** The first instant from one on at which a carrier takes numbers over; null: it names none. Of a carrier that names no windows at all, any is one. */
export const takenFrom = (at: Date, windows: readonly FocWindow[]): Date | null => {
  if (windows.length === 0) return at;
  const later = windows.filter(({ to }) => to > at).map(({ from }) => Math.max(from.getTime(), at.getTime()));
  return later.length === 0 ? null : new Date(Math.min(...later));
};
