import { AppError, kernelErrors } from './app-error.ts';

/** A position in a list ordered by (created_at, id), newest first. Opaque on the wire. */
export type Cursor = { readonly createdAt: Date; readonly id: string };
/** Where a page of such a list begins: behind a cursor, or before all that there is. A time is as Postgres writes it when it is a text. */
export type Position = { readonly createdAt: Date | string; readonly id: string };
export type Page<T> = { readonly data: readonly T[]; readonly nextCursor: string | null };
export type PageQuery = { readonly limit: number; readonly cursor?: string | undefined };

const TIME = /^[12]\d{3}-[0-9T:.-]{1,20}Z$/; // of years that a database keeps, as encodeCursor writes it
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const encodeCursor = ({ createdAt, id }: Cursor): string => btoa(`${createdAt.toISOString()}|${id}`).replaceAll('=', '');

/** @throws AppError request.bad_cursor */
export const decodeCursor = (text: string): Cursor => {
  let plain: string;
  try {
    plain = atob(text);
  } catch {
    throw new AppError(kernelErrors.badCursor);
  }
  const [at = '', id = ''] = plain.split('|');
  const createdAt = new Date(at);
  if (!TIME.test(at) || Number.isNaN(createdAt.getTime()) || !UUID.test(id)) throw new AppError(kernelErrors.badCursor);
  return { createdAt, id };
};

const NEWEST: Position = { createdAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** @throws AppError request.bad_cursor */
export const positionOf = (cursor: string | undefined): Position => (cursor === undefined ? NEWEST : decodeCursor(cursor));

/** Turns `limit + 1` rows into a page: the extra row only tells that there is more. */
export const pageOf = <T extends Cursor>(rows: readonly T[], limit: number): Page<T> => {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return { data, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
};
