/** Where time comes from. Injected everywhere, so that money can be tested over years. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
