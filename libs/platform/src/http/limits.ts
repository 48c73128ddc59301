import { invalidField } from '@trunkline/kernel';
import type { AppError } from '@trunkline/kernel';

/** The most that a body may be. Arrays and texts have limits of their own, in the schemas. */
export const JSON_BYTES_MAX = 1024 * 1024;
export const CSV_BYTES_MAX = 32 * 1024 * 1024;
export const UNPACKED_CSV_BYTES_MAX = 128 * 1024 * 1024; // of a sheet that came gzipped
export const DOCUMENT_BYTES_MAX = 5 * 1024 * 1024;
export const CSV_LINE_BYTES_MAX = 10_000; // a sheet of a million columns would fill the memory before anybody could say that it has too many
export const JSON_DEPTH_MAX = 32; // no body of ours is deeper than 6; the variables of a GraphQL query may be

const [QUOTE, BACKSLASH, LF, CR] = [34, 92, 10, 13];
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);

/** Looked at before anything is parsed, so that a bad body costs one walk over its bytes. @returns undefined when it is within the limits */
export const jsonFault = (body: Uint8Array): AppError | undefined => {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte === QUOTE) inText = !inText;
    else if (inText && byte === BACKSLASH) i += 1;
    else if (!inText && OPENING.has(byte) && ++depth > JSON_DEPTH_MAX)
      return invalidField('', 'too_deep', `JSON may be nested ${JSON_DEPTH_MAX} levels deep`);
    else if (!inText && CLOSING.has(byte)) depth -= 1;
  }
  return undefined;
};

/** The same of a CSV sheet. */
export const csvFault = (body: Uint8Array): AppError | undefined => {
  let length = 0;
  for (const byte of body) {
    length = byte === LF || byte === CR ? 0 : length + 1;
    if (length > CSV_LINE_BYTES_MAX) return invalidField('', 'line_too_long', `A line has more than ${CSV_LINE_BYTES_MAX} bytes`);
  }
  return undefined;
};
