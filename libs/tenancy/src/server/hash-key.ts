import { hash, randomBytes } from 'node:crypto';
import { apiKeyFrom } from '../core/api-key.ts';

/** API keys are long and random, so a plain SHA-256 is enough to keep them unreadable. */
export const hashKey = (key: string): Buffer => hash('sha256', key, 'buffer');

export const newApiKey = (): string => apiKeyFrom(randomBytes(80));
