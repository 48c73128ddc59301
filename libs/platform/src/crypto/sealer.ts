import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';

/** 32 bytes, base64. */
export const ENCRYPTION_KEY = Symbol('EncryptionKey');

const VERSION = 1; // first byte of a sealed value, so that keys and ciphers can change later
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what must be readable again, such as HA1 (AES-256-GCM). `context` binds a value to its row: moved elsewhere, it does not open. */
@Injectable()
export class Sealer {
  private readonly key: Buffer;

  constructor(@Inject(ENCRYPTION_KEY) key: string) {
    this.key = Buffer.from(key, 'base64');
    if (this.key.length !== 32) throw new Error('ENCRYPTION_KEY must be 32 bytes in base64');
  }

  seal(plain: string | Uint8Array, context: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(typeof plain === 'string' ? Buffer.from(plain) : plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), body]);
  }

  /** A keyed hash (HMAC-SHA-256) of what need only be recognised, and is so short that who has the database could try everything. */
  mac(text: string, context: string): Buffer {
    return createHmac('sha256', this.key).update(`mac:${context}\0${text}`).digest();
  }

  /** @throws when the value was altered, or sealed for another context or with another key */
  open(sealed: Buffer, context: string): string {
    return this.openBytes(sealed, context).toString('utf8');
  }

  /** The same of what was sealed as bytes. */
  openBytes(sealed: Buffer, context: string): Buffer {
    if (sealed[0] !== VERSION) throw new Error('sealed value of an unknown version');
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(context)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()]);
  }
}
