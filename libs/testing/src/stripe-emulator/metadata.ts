import type Stripe from 'stripe';
import { invalid } from './stripe-fault.ts';

/** At most 50 keys of 40 characters with values of 500 (docs.stripe.com/metadata). @throws StripeFault */
export const checkMetadata = (metadata: Stripe.Emptyable<Stripe.MetadataParam> | undefined): Stripe.Metadata => {
  const entries = Object.entries(metadata || {});
  if (entries.length > 50) throw invalid('Metadata can have up to 50 keys', 'metadata');
  const long = entries.find(([key, value]) => key.length > 40 || String(value).length > 500);
  if (long) throw invalid('Metadata keys can have up to 40 characters, values up to 500', `metadata[${long[0]}]`);
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
};
