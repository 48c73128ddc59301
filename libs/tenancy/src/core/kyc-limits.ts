import { AppError } from '@trunkline/kernel';
import type { FieldError } from '@trunkline/kernel';
import { tenancyErrors } from './errors.ts';

/** What a trunk may do until its tenant is verified; null is no limit. */
export type TrunkLimits = {
  readonly callsPerSecondMax: number | null;
  readonly countries: readonly string[] | null; // that may be called
};
/** What becomes of a port in that a tenant submits before it is verified: the operator looks at it first, or it is refused. */
export const PORTS_OF_STRANGERS = ['reviewed', 'refused'] as const;
export type PortsOfStrangers = (typeof PORTS_OF_STRANGERS)[number];

/** What a tenant may have until it is verified. */
export type KycLimits = TrunkLimits & { readonly channelsMax: number | null; readonly numbersMax: number | null };

/** Of a trunk, what the limits speak of. */
export type TrunkReach = { readonly callsPerSecond: number; readonly countries: readonly string[] };

export const kycRequired = (errors: readonly FieldError[]): AppError =>
  new AppError(tenancyErrors.kycRequired, errors.map((e) => e.detail).join('; '), { errors });

/** @throws AppError kyc.required */
export const demandWithin = ({ callsPerSecondMax, countries }: TrunkLimits, reach: TrunkReach): void => {
  const errors: FieldError[] = [];
  if (callsPerSecondMax !== null && reach.callsPerSecond > callsPerSecondMax)
    errors.push({
      pointer: '/calls_per_second_max',
      code: 'kyc',
      detail: `Until the tenant is verified: at most ${callsPerSecondMax} calls per second`,
    });
  const closed = countries === null ? [] : reach.countries.filter((country) => !countries.includes(country));
  if (closed.length > 0)
    errors.push({
      pointer: '/allowed_countries',
      code: 'kyc',
      detail: `Until the tenant is verified, it cannot call ${closed.slice(0, 10).join(', ')}`,
    });
  if (errors.length > 0) throw kycRequired(errors);
};
