import { Injectable } from '@nestjs/common';
import type { E164 } from '@trunkline/kernel';
import type { AddressVerdict, CivicAddress } from '../core/emergency-address.ts';

/** Whoever carries calls for help, and must know where each number is. Each call may be made again: the same once more is the same. */
export abstract class EmergencyProvider {
  /** @throws when there is no answer: ask again */
  abstract validate(address: CivicAddress): Promise<AddressVerdict>;
  /** @returns why not, or null. @throws when there is no answer: ask again */
  abstract register(number: E164, addressReference: string): Promise<string | null>;
  abstract unregister(number: E164): Promise<void>;
}

/**
 * An emulator, for development and tests: nobody is told of an address. It finds every address valid but house number 0, for which it thinks that 1
 * was meant, and refuses to register a number at an address in the city of `Nowhere`.
 */
@Injectable()
export class EmergencyProviderEmulator extends EmergencyProvider {
  validate(address: CivicAddress): Promise<AddressVerdict> {
    const candidates = [{ ...address, houseNumber: '1' }];
    if (address.houseNumber === '0') return Promise.resolve({ isValid: false, reason: 'There is no such house in the street', candidates });
    return Promise.resolve({ isValid: true, reference: `emulated:${address.city}` });
  }

  register(_: E164, addressReference: string): Promise<string | null> {
    return Promise.resolve(addressReference === 'emulated:Nowhere' ? 'No public safety answering point serves the address' : null);
  }

  unregister(): Promise<void> {
    return Promise.resolve();
  }
}
