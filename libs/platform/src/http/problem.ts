import { AppError, kernelErrors } from '@trunkline/kernel';
import type { ErrorDefinition, ErrorKind, FieldError } from '@trunkline/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { platformErrors } from './errors.ts';
import { quoteOut } from './quote-lines.ts';
import { CSV_BYTES_MAX, DOCUMENT_BYTES_MAX, JSON_BYTES_MAX } from './limits.ts';

/** One table from kinds to HTTP statuses; nothing else in the code names a status for an error. */
export const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition: 412,
  mismatch: 422,
  rate_limited: 429,
  unavailable: 503,
};

/** An RFC 9457 problem. `type` is a page of this server that explains the code. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })),
    request_id: z.string(),
    quote: quoteOut.optional().describe('With order.quoted alone'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

const problem = (
  definition: ErrorDefinition,
  status: number,
  detail: string,
  errors: readonly FieldError[],
  requestId: string,
): Problem => ({
  type: `/errors/${definition.code}`,
  title: definition.title,
  status,
  code: definition.code,
  detail,
  errors: [...errors],
  request_id: requestId,
});

// SQLSTATEs that a request's data can cause although its shape is valid: characters Postgres cannot store
const UNSTORABLE = new Set(['22021', '22P05']);
// SQLSTATE 22003: an amount or a sum that does not fit into its column
const OUT_OF_RANGE = '22003';
// the database is gone, going, out of connections or of disk
const DATABASE_GONE = /^(08|53|57P0|58)/;
// it takes no changes; took too long; would not wait for a lock, or for one that waits for it: another time it may do
const DATABASE_BUSY = new Set(['25006', '57014', '40001', '40P01', '55P03', '25P03']);
// what the driver says without a code
const CONNECTION_GONE = /timeout exceeded when trying to connect|Connection terminated|is not queryable|after calling end on the pool/;
const SOCKET_GONE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

const TOO_LARGE = `A body may have ${JSON_BYTES_MAX} bytes; a text/csv sheet, where one is taken, ${CSV_BYTES_MAX}; a document ${DOCUMENT_BYTES_MAX}`;

/** What a thrown value is to the outside. Whatever was not foreseen says nothing of its cause. */
export const toProblem = (error: unknown, requestId: string): Problem => {
  if (error instanceof AppError)
    return { ...problem(error, STATUS_BY_KIND[error.kind], error.message, error.errors, requestId), ...error.members };
  const e = error as { code?: string; statusCode?: number; status?: number; message?: string };
  const status = e.statusCode ?? e.status ?? 500;
  if (status === 404) return problem(kernelErrors.notFound, 404, kernelErrors.notFound.title, [], requestId);
  if (status === 413) return problem(platformErrors.tooLarge, 413, TOO_LARGE, [], requestId);
  if (status === 415) return problem(platformErrors.unsupportedMediaType, 415, platformErrors.unsupportedMediaType.title, [], requestId);
  if (status >= 400 && status < 500)
    return problem(
      kernelErrors.invalid,
      400,
      e.message ?? kernelErrors.invalid.title,
      [{ pointer: '', code: 'malformed', detail: e.message ?? '' }],
      requestId,
    );
  if (UNSTORABLE.has(e.code ?? ''))
    return problem(
      kernelErrors.invalid,
      400,
      'A text holds a character that cannot be stored (NUL)',
      [{ pointer: '', code: 'bad_character', detail: 'NUL' }],
      requestId,
    );
  if (e.code === OUT_OF_RANGE)
    return problem(
      kernelErrors.invalid,
      400,
      'An amount is too large to be kept in the books',
      [{ pointer: '', code: 'too_large', detail: 'Fewer units, or a lower price' }],
      requestId,
    );
  if (
    DATABASE_GONE.test(e.code ?? '') ||
    DATABASE_BUSY.has(e.code ?? '') ||
    SOCKET_GONE.has(e.code ?? '') ||
    CONNECTION_GONE.test(e.message ?? '')
  )
    return problem(platformErrors.unavailable, 503, platformErrors.unavailable.title, [], requestId);
  return problem(platformErrors.internal, 500, platformErrors.internal.title, [], requestId);
};

/** Answers with what a thrown value is to the outside. */
export const answerProblem = (reply: FastifyReply, error: unknown, requestId: string): Problem => {
  const told = toProblem(error, requestId);
  void reply.status(told.status).type('application/problem+json').send(told);
  return told;
};
