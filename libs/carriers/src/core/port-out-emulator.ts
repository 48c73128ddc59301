import type { CarrierPortOut, CarrierPortOutStatus, PortOutAnswer } from './port-out-carrier.ts';

/** One request in the emulated carrier's books. The PIN is sealed by whoever keeps them. */
export type EmulatedPortOut = Omit<CarrierPortOut, 'pin' | 'deadline' | 'focAt'> & {
  readonly pinSealed: string | null; // base64
  readonly deadlineMs: number;
  readonly focMs: number | null;
  readonly answer: PortOutAnswer | null;
};

export const PORT_OUT_STEPS = ['schedule', 'port', 'cancel', 'restore', 'uphold'] as const;
export type PortOutStep = (typeof PORT_OUT_STEPS)[number];

const DAY_MS = 86_400_000;
const STEPS: Readonly<Record<PortOutStep, { readonly from: readonly CarrierPortOutStatus[]; readonly to: CarrierPortOutStatus }>> = {
  schedule: { from: ['open', 'foc'], to: 'foc' },
  port: { from: ['open', 'foc'], to: 'ported' }, // whatever it was answered: carriers do
  cancel: { from: ['open', 'foc'], to: 'cancelled' },
  restore: { from: ['reversing'], to: 'restored' },
  uphold: { from: ['reversing'], to: 'upheld' },
};

/** The request after what the carrier does with it; undefined where it would not. */
export const emulatedStep = (request: EmulatedPortOut, step: PortOutStep, now: Date): EmulatedPortOut | undefined => {
  const { from, to } = STEPS[step];
  if (!from.includes(request.status)) return undefined;
  const focMs = step === 'schedule' ? now.getTime() + DAY_MS : request.focMs;
  return { ...request, status: to, focMs, version: request.version + 1 };
};

/** The first answer counts. */
export const emulatedAnswer = (request: EmulatedPortOut, answer: PortOutAnswer): EmulatedPortOut =>
  request.answer ? request : { ...request, answer };

export const emulatedDispute = (request: EmulatedPortOut): EmulatedPortOut =>
  request.status === 'ported' ? { ...request, status: 'reversing', version: request.version + 1 } : request;
