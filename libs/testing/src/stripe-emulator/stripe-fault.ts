export type StripeErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'authentication_error';

/** A refusal, as Stripe's API words it: the SDK turns it into one of its own error classes. */
export class StripeFault extends Error {
  readonly status: number;
  readonly type: StripeErrorType;
  readonly code: string | undefined;
  readonly param: string | undefined;

  constructor(status: number, type: StripeErrorType, message: string, rest: { code?: string; param?: string } = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = rest.code;
    this.param = rest.param;
  }

  get body(): object {
    return { error: { type: this.type, message: this.message, code: this.code, param: this.param } };
  }
}

export const invalid = (message: string, param?: string, code?: string): StripeFault =>
  new StripeFault(400, 'invalid_request_error', message, { ...(param && { param }), ...(code && { code }) });

export const missing = (kind: string, id: string, param = 'id'): StripeFault =>
  new StripeFault(404, 'invalid_request_error', `No such ${kind}: '${id}'`, { code: 'resource_missing', param });

export const declined = (): StripeFault => new StripeFault(402, 'card_error', 'Your card was declined.', { code: 'card_declined' });
