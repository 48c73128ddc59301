import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnrolRequest, EnrolResponse } from '@trunkline/edge-core';
import { log, reasonOf } from './log.ts';

const RETRY_MS = 1000;

/** Who this edge is to the gateway: the id it was enrolled under and the key that proves it. The key never leaves the data folder. */
export type Identity = { readonly edgeId: string; readonly sign: (text: string) => string };

/** identity.json: which key file was enrolled, and a hash of the token that it was enrolled with; edges that enrolled long ago noted neither. */
type Enrolment = EnrolResponse & { readonly key_file: string; readonly token_sha256?: string };

/**
 * The identity in `dataDir`, or a new one for a one-time token that was not used here yet: so a new token rotates the key. The former identity
 * stays until the gateway has taken the new one, and when it refuses the token: a mistyped one must not take an edge from its work.
 * @throws Error when there is no identity and no token, or when the gateway refuses the first token
 */
export const obtainIdentity = async (dataDir: string, gatewayUrl: string, token: string | null): Promise<Identity> => {
  const present = readEnrolment(dataDir);
  if (token === null || present?.token_sha256 === sha256(token)) {
    if (present === undefined) throw new Error('EDGE_ENROL_TOKEN is needed until this edge is enrolled');
    return identityOf(dataDir, present);
  }
  try {
    return identityOf(dataDir, await renew(dataDir, gatewayUrl, token, present));
  } catch (error) {
    if (present === undefined || !(error instanceof Refusal)) throw error;
    log('error', 'the key stays as it is', { reason: reasonOf(error) });
    return identityOf(dataDir, present);
  }
};

/** The key is on disk before it is enrolled, under a name of its token: after a crash at any point the same trade is made again. */
const renew = async (dataDir: string, gatewayUrl: string, token: string, former: Enrolment | undefined): Promise<Enrolment> => {
  const token_sha256 = sha256(token);
  const key_file = `identity-key-${token_sha256.slice(0, 8)}.pem`;
  const public_key = createPublicKey(makeKey(join(dataDir, key_file)))
    .export({ type: 'spki', format: 'pem' })
    .toString();
  const { edge_id, edge_name } = await enrol(gatewayUrl, { token, public_key });
  const enrolment = { edge_id, edge_name, key_file, token_sha256 };
  writePrivately(fileOf(dataDir), JSON.stringify(enrolment));
  if (former) rmSync(join(dataDir, former.key_file), { force: true });
  log('info', 'enrolled', { edge: edge_name });
  return enrolment;
};

const fileOf = (dataDir: string): string => join(dataDir, 'identity.json');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const readEnrolment = (dataDir: string): Enrolment | undefined =>
  existsSync(fileOf(dataDir))
    ? { key_file: 'identity-key.pem', ...(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as EnrolResponse) }
    : undefined;

const identityOf = (dataDir: string, { edge_id, key_file }: Enrolment): Identity => {
  const key = createPrivateKey(readFileSync(join(dataDir, key_file)));
  return { edgeId: edge_id, sign: (text) => sign(null, Buffer.from(text), key).toString('base64') };
};

const makeKey = (file: string): KeyObject => {
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
