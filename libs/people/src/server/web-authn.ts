import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, RegistrationResponseJSON, WebAuthnCredential } from '@simplewebauthn/server';
import { AppError, Clock } from '@trunkline/kernel';
import type { Tx } from '@trunkline/platform';
import { peopleErrors } from '../core/errors.ts';
import { insertChallenge, passkeysOf, takeChallenge } from './passkeys.sql.ts';
import type { Passkey, Purpose } from './passkeys.sql.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import type { PersonRow } from './persons.sql.ts';

const CHALLENGE_MS = 300_000;

/** Web Authentication (W3C, level 3) for the pages at PUBLIC_URL: what passkeys are asked to sign, and whether they did. */
@Injectable()
export class WebAuthn {
  private readonly origin: string;
  private readonly rpID: string;

  constructor(
    private readonly clock: Clock,
    @Inject(PEOPLE_CONFIG) config: PeopleConfig,
  ) {
    const { origin, hostname } = new URL(config.publicUrl);
    this.origin = origin;
    this.rpID = hostname;
  }

  /** What a browser makes a passkey by. @throws AppError passkey.unavailable */
  async askToCreate(tx: Tx, { id, email, name }: PersonRow): Promise<Record<string, unknown>> {
    // a relying party is a domain (§5.1.3), which no address is
    if (isIP(this.rpID.replace(/^\[|\]$/g, '')) !== 0) throw new AppError(peopleErrors.passkeysNeedName);
    const options = await generateRegistrationOptions({
      rpName: 'Trunkline',
      rpID: this.rpID,
      userName: email,
      userDisplayName: name,
      userID: Uint8Array.from(Buffer.from(id.replaceAll('-', ''), 'hex')),
      timeout: CHALLENGE_MS,
      excludeCredentials: (await tx.query(passkeysOf, id)).map(named),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    });
    await this.remember(tx, options.challenge, id, 'create');
    return { ...options };
  }

  /** What a browser has one of the person's passkeys sign. */
  async askToLogIn(tx: Tx, personId: string, passkeys: readonly Passkey[]): Promise<Record<string, unknown>> {
    const options = await generateAuthenticationOptions({
      rpID: this.rpID,
      timeout: CHALLENGE_MS,
      allowCredentials: passkeys.map(named),
      userVerification: 'preferred',
    });
    await this.remember(tx, options.challenge, personId, 'log_in');
    return { ...options };
  }

  /** The passkey that was made for a challenge of ours; undefined when it was not. */
  async created(tx: Tx, personId: string, response: RegistrationResponseJSON): Promise<WebAuthnCredential | undefined> {
    const expectedChallenge = await this.take(tx, response, personId, 'create');
    if (expectedChallenge === undefined) return undefined;
    const verified = await unlessRefused(() => verifyRegistrationResponse({ response, expectedChallenge, ...this.expected() }));
    return verified?.registrationInfo?.credential;
  }

  /** How often a passkey has signed, now that it signed a challenge of ours; undefined when it did not, or counts backwards (§6.1.1: it was copied). */
  async signed(tx: Tx, personId: string, passkey: Passkey, response: AuthenticationResponseJSON): Promise<number | undefined> {
    const expectedChallenge = await this.take(tx, response, personId, 'log_in');
    if (expectedChallenge === undefined) return undefined;
    const credential = { id: passkey.credentialId, publicKey: Uint8Array.from(passkey.publicKey), counter: Number(passkey.signCount) };
    const verified = await unlessRefused(() =>
      verifyAuthenticationResponse({ response, expectedChallenge, credential, ...this.expected() }),
    );
    return verified?.verified ? verified.authenticationInfo.newCounter : undefined;
  }

  // beside the password, that somebody is there and has it is enough: keys without a PIN count too
  private expected() {
    return { expectedOrigin: this.origin, expectedRPID: this.rpID, requireUserVerification: false };
  }

  private remember(tx: Tx, challenge: string, personId: string, purpose: Purpose): Promise<unknown> {
    return tx.query(insertChallenge, challenge, personId, purpose, new Date(this.clock.now().getTime() + CHALLENGE_MS));
  }

  private async take(tx: Tx, { response }: Response, personId: string, purpose: Purpose): Promise<string | undefined> {
    const [taken] = await tx.query(takeChallenge, challengeIn(response.clientDataJSON), personId, purpose, this.clock.now());
    return taken?.challenge;
  }
}

type Response = { readonly response: { readonly clientDataJSON: string } };

const named = ({ credentialId, transports }: Passkey) => ({ id: credentialId, transports: [...transports] });

// what is signed over is checked by the library; this only says which row to look for
const challengeIn = (clientDataJson: string): string => {
  try {
    return String(
      (JSON.parse(Buffer.from(clientDataJson, 'base64url').toString()) as { challenge?: unknown } | null)?.challenge,
    ).replaceAll('\0', '');
  } catch {
    return '';
  }
};

/** The library throws whatever it does not take, bytes that are no CBOR among it. */
const unlessRefused = async <T>(verify: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await verify();
  } catch {
    return undefined;
  }
};
