// The secrets of one installation: made at its first start, kept in the data folder, readable by its owner only.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const make = () => ({
  encryptionKey: randomBytes(32).toString('base64'),
  stripeWebhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
  appPassword: randomBytes(24).toString('base64url'),
  systemPassword: randomBytes(24).toString('base64url'),
});

/** `{encryptionKey (32 bytes, base64), stripeWebhookSecret, appPassword, systemPassword}` of the installation in `dataDir`. */
export function readSecrets(dataDir) {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secrets = make();
  writeFileSync(`${file}.new`, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}
