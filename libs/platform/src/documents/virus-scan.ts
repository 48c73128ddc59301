/** What a scan found; null: nothing. */
export type Finding = string | null;

/** Looks for viruses in what people upload. */
export abstract class VirusScan {
  /** Kept with each document: who looked at it. */
  abstract readonly name: string;
  /** @throws when it could not look: then nothing is taken */
  abstract scan(bytes: Buffer): Promise<Finding>;
}

// the harmless file that every scanner knows (EICAR), in two halves: written whole it would be found here
const TEST_VIRUS = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** No scanner at all: an emulation that finds the EICAR test file and nothing else. */
export class EmulatedScan extends VirusScan {
  readonly name = 'emulated';

  scan(bytes: Buffer): Promise<Finding> {
    return Promise.resolve(bytes.includes(TEST_VIRUS) ? 'Eicar-Test-Signature' : null);
  }
}
