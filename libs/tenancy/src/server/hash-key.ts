import { createHash, randomBytes } from 'node:crypto';
import { apiKeyFrom } from '../core/api-key.ts';

/** API keys are long and random, so a plain SHA-256 is enough to keep them unreadable. */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();

export const newApiKey = (): string => apiKeyFrom(randomBytes(80));
