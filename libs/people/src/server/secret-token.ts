import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** 256 random bits that let whoever has them in, once or for a while. Being random, a plain SHA-256 keeps them unreadable. */
export const newToken = (): string => randomBytes(32).toString('base64url');
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export const tokenIn = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be the token of a mailed link')
    .meta({ example: 'p4YbJ0uHq9mVx2cNf7TtLw3ZrKs8eDgXa1iQoB6yU5E' });
