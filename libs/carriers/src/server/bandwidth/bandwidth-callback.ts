import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError, notFound } from '@trunkline/kernel';
import { carrierErrors } from '../../core/errors.ts';
import type { SignedMessage } from '../number-supplier.ts';

/** What Bandwidth's notifications have to name themselves by; absent: none are taken. */
export type BandwidthCallback = { readonly user: string; readonly password: string } | undefined;

/** Basic authentication: whoever uses it wants to be Bandwidth. */
export const isBandwidths = ({ header }: SignedMessage): boolean => header('authorization')?.startsWith('Basic ') ?? false;

/** @throws AppError carrier.bad_signature, resource.not_found where none are taken */
export const demandBandwidths = ({ header }: SignedMessage, callback: BandwidthCallback): NonNullable<BandwidthCallback> => {
  if (callback === undefined) throw notFound();
  const own = `Basic ${Buffer.from(`${callback.user}:${callback.password}`).toString('base64')}`;
  if (!isSame(header('authorization') ?? '', own)) throw new AppError(carrierErrors.badSignature);
  return callback;
};

const isSame = (given: string, own: string): boolean => {
  const [a, b] = [given, own].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
};
