import Stripe from 'stripe';
import { AppError } from '@trunkline/kernel';
import { billingErrors } from '../core/errors.ts';

const NO_METHOD = 'no_payment_method';

/** Why a payment was refused: declined, to be confirmed, or no card to try; undefined when the error is another. */
export const declineCodeOf = (error: unknown): string | undefined => {
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'missing') return NO_METHOD;
  if (!(error instanceof Stripe.errors.StripeCardError)) return undefined;
  if (error.code === 'invoice_payment_intent_requires_action') return 'authentication_required';
  return error.decline_code || error.code || 'card_declined';
};

export const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';

/** Stripe understood and will not: what was asked is not possible, or not any more. */
export const isRefusal = (error: unknown): boolean => error instanceof Stripe.errors.StripeInvalidRequestError;

export const refusedMethod = (error: unknown): unknown => {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError))
    return unavailable(error);
  const errors = [{ pointer: '/payment_method_id', code: 'refused', detail: error.message }];
  return new AppError(billingErrors.paymentMethodRefused, error.message, { errors, cause: error });
};

/**
 * Stripe is not there, or not now; any other error of its is a fault of ours. It is no answer to whoever asked us: wrapped, it does not pass
 * for one with its status (a 404 of Stripe's is not ours).
 */
export const unavailable = (error: unknown): unknown => {
  const { StripeConnectionError, StripeRateLimitError, StripeAPIError } = Stripe.errors;
  const passing = [StripeConnectionError, StripeRateLimitError, StripeAPIError].some((kind) => error instanceof kind);
  if (passing) return new AppError(billingErrors.providerUnavailable, undefined, { cause: error });
  return error instanceof Stripe.errors.StripeError ? new Error(`Stripe refused: ${error.message}`, { cause: error }) : error;
};

export const asking = async <T>(call: () => Promise<T>, translate: (error: unknown) => unknown = unavailable): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
};
