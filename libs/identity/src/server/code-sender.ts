import { Injectable } from '@nestjs/common';
import type { DueCode } from './codes.ts';

/** Whoever speaks or writes a code to a telephone. */
export abstract class CodeSender {
  /** Sends nothing: codes stay where the operator reads them (`/dev/verification-codes`). */
  abstract readonly isEmulator: boolean;
  /** May be called again with the same `reference`, which stands for the same message. @throws when it was not taken: try again */
  abstract send(code: DueCode): Promise<void>;
}

/** An emulator, for development and tests: no message leaves the platform. */
@Injectable()
export class CodeSenderEmulator extends CodeSender {
  readonly isEmulator: boolean = true;
  send(): Promise<void> {
    return Promise.resolve();
  }
}
