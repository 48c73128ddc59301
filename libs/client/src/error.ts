import type { Problem } from './generated/types.ts';

export type FieldError = Problem['errors'][number];

/**
 * Any request that did not succeed. `code` is the API's (every one has a page at `/errors/<code>`), or one of ours: `client.unreachable`,
 * `client.timeout`, `client.unexpected_answer`. It holds nothing that was sent: neither the key nor the body.
 */
export class TrunklineError extends Error {
  readonly code: string;
  /** of HTTP; undefined when there was no answer */
  readonly status: number | undefined;
  /** faulty fields by JSON pointer */
  readonly errors: readonly FieldError[];
  /** to quote when asking the operator for help */
  readonly requestId: string | undefined;

  constructor(problem: { code: string; detail: string; status?: number; errors?: readonly FieldError[]; request_id?: string }) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'TrunklineError';
    this.code = problem.code;
    this.status = problem.status;
    this.errors = problem.errors ?? [];
    this.requestId = problem.request_id;
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'status' in value;

/** What the generated client threw, as an error of ours. */
export const toTrunklineError = (thrown: unknown, response: Response | undefined): TrunklineError => {
  if (thrown instanceof TrunklineError) return thrown;
  if (isProblem(thrown)) return new TrunklineError(thrown);
  const name = (thrown as { name?: string } | undefined)?.name;
  if (name === 'TimeoutError') return new TrunklineError({ code: 'client.timeout', detail: 'The API did not answer in time' });
  if (name === 'AbortError') return new TrunklineError({ code: 'client.aborted', detail: 'The request was called off' });
  if (response === undefined) return new TrunklineError({ code: 'client.unreachable', detail: 'The API cannot be reached' });
  return new TrunklineError({
    code: 'client.unexpected_answer',
    detail: `The answer (status ${response.status}) is not one of the Trunkline API`,
    status: response.status,
  });
};
