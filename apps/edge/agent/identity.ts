import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnrolRequest, EnrolResponse } from '@trunkline/edge-core';
import { log, reasonOf } from './log.ts';

const RETRY_MS = 1000;

/** Who this edge is to the gateway: the id it was enrolled under and the key that proves it. The key never leaves the data folder. */
export type Identity = { readonly edgeId: string; readonly sign: (text: string) => string };

/**
 * The identity in `dataDir`, or a new one for the one-time token.
 * @throws Error when there is neither, or when the gateway refuses the token
 */
export const obtainIdentity = async (dataDir: string, gatewayUrl: string, token: string | null): Promise<Identity> => {
  const key = loadKey(join(dataDir, 'identity-key.pem'));
  const file = join(dataDir, 'identity.json');
  if (!existsSync(file)) {
    if (token === null) throw new Error('EDGE_ENROL_TOKEN is needed until this edge is enrolled');
    const enrolled = await enrol(gatewayUrl, { token, public_key: publicPem(key) });
    writePrivately(file, JSON.stringify(enrolled));
  }
  const { edge_id } = JSON.parse(readFileSync(file, 'utf8')) as EnrolResponse;
  return { edgeId: edge_id, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
};

const publicPem = (key: KeyObject): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

const loadKey = (file: string): KeyObject => {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    writePrivately(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  return createPrivateKey(readFileSync(file));
};

const writePrivately = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

/** Waits for a gateway that is not there yet; a refusal is final. */
const enrol = async (gatewayUrl: string, request: EnrolRequest): Promise<EnrolResponse> => {
  const url = `${gatewayUrl.replace(/^ws/, 'http')}/enrol`;
  for (;;) {
    try {
      const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request) });
      if (response.ok) return (await response.json()) as EnrolResponse;
      if (response.status < 500) throw new Refusal(`the gateway refused to enrol this edge: ${response.status}`);
      log('warn', 'enrolment failed', { status: response.status });
    } catch (error) {
      if (error instanceof Refusal) throw error;
      log('warn', 'gateway not reached', { reason: reasonOf(error) });
    }
    await sleep(RETRY_MS);
  }
};

class Refusal extends Error {}
