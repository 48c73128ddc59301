import { Injectable } from '@nestjs/common';
import type { E164 } from '@trunkline/kernel';

/** Whoever keeps the names that networks look up. Each call may be made again: the same once more is the same. */
export abstract class CallerNameProvider {
  /** @returns why it is not taken, or null. @throws when there is no answer: ask again */
  abstract submit(number: E164, name: string): Promise<string | null>;
  /** What became of what was submitted. @throws while it is not known: ask again */
  abstract outcome(number: E164): Promise<{ readonly isActive: boolean; readonly reason: string | null }>;
  abstract remove(number: E164): Promise<void>;
}

/** An emulator, for development and tests: no network shows a name. It rejects names that begin with REJECT. */
@Injectable()
export class CallerNameProviderEmulator extends CallerNameProvider {
  private readonly submitted = new Map<string, string>();

  submit(number: E164, name: string): Promise<string | null> {
    this.submitted.set(number, name);
    return Promise.resolve(null);
  }

  outcome(number: E164): Promise<{ isActive: boolean; reason: string | null }> {
    const isRejected = this.submitted.get(number)?.startsWith('REJECT') ?? false;
    return Promise.resolve({ isActive: !isRejected, reason: isRejected ? 'The name is not that of the business' : null });
  }

  remove(number: E164): Promise<void> {
    this.submitted.delete(number);
    return Promise.resolve();
  }
}
