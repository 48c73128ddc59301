import { CarrierRefusal } from '../porting-carrier.ts';
import { TelnyxRefusal } from './telnyx-api.ts';

/** What is wrong with the request itself. Any other refusal (our key, our account) is for the operator, and passes. */
const REFUSED = new Set([400, 409, 422]);

/** @throws CarrierRefusal when Telnyx refuses what was asked */
export const asked = <T>(attempt: Promise<T>): Promise<T> =>
  attempt.catch((error: unknown) => {
    if (error instanceof TelnyxRefusal && REFUSED.has(error.status)) throw new CarrierRefusal(error.code, error.message);
    throw error;
  });
