export type StripeErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'authentication_error';

/** A refusal, as Stripe's API words it: the SDK turns it into one of its own error classes. */
export class StripeFault extends Error {
  readonly status: number;
  readonly type: StripeErrorType;
  readonly code: string | undefined;
  readonly param: string | undefined;
  private readonly rest: { readonly decline_code?: string; readonly payment_intent?: object };

  constructor(
    status: number,
    type: StripeErrorType,
    message: string,
    rest: { code?: string; param?: string; decline_code?: string; payment_intent?: object } = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.code = rest.code;
    this.param = rest.param;
    const { decline_code, payment_intent } = rest;
    this.rest = { ...(decline_code && { decline_code }), ...(payment_intent && { payment_intent }) };
  }

  get body(): object {
    return { error: { type: this.type, message: this.message, code: this.code, param: this.param, ...this.rest } };
  }
}

export const invalid = (message: string, param?: string, code?: string): StripeFault =>
  new StripeFault(400, 'invalid_request_error', message, { ...(param && { param }), ...(code && { code }) });

export const missing = (kind: string, id: string, param = 'id'): StripeFault =>
  new StripeFault(404, 'invalid_request_error', `No such ${kind}: '${id}'`, { code: 'resource_missing', param });

/** A card that the issuer declines, now and perhaps for good. `payment_intent`: the payment that was tried. */
export const declined = (decline_code = 'generic_decline', payment_intent?: object): StripeFault =>
  new StripeFault(402, 'card_error', 'Your card was declined.', {
    code: 'card_declined',
    decline_code,
    ...(payment_intent && { payment_intent }),
  });

/** A payment that the cardholder must confirm. */
export const unconfirmed = (code: string, payment_intent: object): StripeFault =>
  new StripeFault(402, 'card_error', 'This payment requires authentication.', {
    code,
    decline_code: 'authentication_required',
    payment_intent,
  });
