import { Clock } from '@trunkline/kernel';

/** Time that stands still until told otherwise. */
export class FakeClock extends Clock {
  private at: number;

  constructor(start: string | Date = '2026-11-23T10:00:00.000Z') {
    super();
    this.at = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.at);
  }

  set(to: string | Date): void {
    this.at = new Date(to).getTime();
  }

  advance(by: { days?: number; hours?: number; seconds?: number; ms?: number }): void {
    this.at += (by.days ?? 0) * 86_400_000 + (by.hours ?? 0) * 3_600_000 + (by.seconds ?? 0) * 1_000 + (by.ms ?? 0);
  }
}
