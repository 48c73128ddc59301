/**
 * The ten ways a request can fail. Transports map kinds, never codes: adding an error code touches one domain file.
 * `mismatch` is an idempotency key that comes back with another body, `precondition` a change to another revision than the one named.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'payment_required'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition'
  | 'mismatch'
  | 'rate_limited'
  | 'unavailable';

/** One faulty field. `pointer` is a JSON pointer (RFC 6901) into the request, e.g. `/channels_max` or `/query/limit`. */
export type FieldError = { readonly pointer: string; readonly code: string; readonly detail: string };

export type ErrorDefinition<C extends string = string> = {
  readonly code: C;
  readonly kind: ErrorKind;
  readonly title: string;
};

/** An expected failure: a stable public code, a public text, and a private cause that only the log sees. */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly title: string;
  readonly errors: readonly FieldError[];
  /** What else the answer says (RFC 9457 §3.2), as it goes on the wire. */
  readonly members: object;

  constructor(
    definition: ErrorDefinition,
    detail?: string,
    options: { errors?: readonly FieldError[]; members?: object; cause?: unknown } = {},
  ) {
    super(detail ?? definition.title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = definition.code;
    this.kind = definition.kind;
    this.title = definition.title;
    this.errors = options.errors ?? [];
    this.members = options.members ?? {};
  }
}

/** Declares a domain's errors once; the documentation page and the tests enumerate this very table. */
export const defineErrors = <T extends Record<string, { code: string; kind: ErrorKind; title: string }>>(table: T): T => table;

export const kernelErrors = defineErrors({
  invalid: { code: 'request.invalid', kind: 'invalid', title: 'The request is not valid' },
  badCursor: { code: 'request.bad_cursor', kind: 'invalid', title: 'The cursor is not one this list gave out' },
  notFound: { code: 'resource.not_found', kind: 'not_found', title: 'No such resource' },
});

/** The one 404. A resource of somebody else and a resource that never was get the same body. */
export const notFound = (): AppError => new AppError(kernelErrors.notFound);

/** A 400 for a single field. */
export const invalidField = (pointer: string, code: string, detail: string): AppError =>
  new AppError(kernelErrors.invalid, detail, { errors: [{ pointer, code, detail }] });
