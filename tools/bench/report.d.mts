export function quantile(samples: readonly number[], share: number): number;
export function median(samples: readonly number[]): number;
export function say(text: string): void;
export function machine(): string;
export function report(result: {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  readonly yardstick: number;
  readonly yardstick_name: string;
  readonly [beside: string]: unknown;
}): void;
