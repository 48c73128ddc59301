/** What an attempt brought: an answer, or none and why. */
export type Attempt = { readonly latencyMs: number } & (
  { readonly status: number; readonly retryAfter: string | undefined; readonly answer: string } | { readonly error: string }
);

/** `gone`: the receiver wants nothing any more (410). A redirect is a failure: what it points to was not checked (Standard Webhooks 1.0). */
export type Verdict = 'delivered' | 'failed' | 'gone';

export const verdictOf = (attempt: Attempt): Verdict => {
  if ('error' in attempt) return 'failed';
  if (attempt.status === 410) return 'gone';
  return attempt.status >= 200 && attempt.status < 300 ? 'delivered' : 'failed';
};
