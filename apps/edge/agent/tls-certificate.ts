import { execFileSync } from 'node:child_process';
import { X509Certificate, createHash, createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, TlsFiles } from './config.ts';
import { log, reasonOf } from './log.ts';

const DAYS = '3650';

/**
 * What Kamailio's TLS listener shows: the operator's certificate, or else one that signs itself, made once. Kamailio reads copies in the
 * data folder, taken only when certificate and key belong together, so that a renewal caught half-way does no harm.
 */
export class TlsCertificate {
  private readonly folder: string;
  private readonly installed: TlsFiles;
  private fingerprint = '';

  constructor(private readonly config: Config) {
    this.folder = join(config.dataDir, 'tls');
    this.installed = { certificate: join(this.folder, 'certificate.pem'), key: join(this.folder, 'key.pem') };
  }

  /** Puts everything in place for a start. @throws Error when there is no usable certificate */
  install(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    if (this.config.tls === null) this.makeOwn();
    else this.takeOrKeep(this.config.tls);
    writePrivately(join(this.config.dataDir, 'tls.cfg'), tlsConfig(this.installed));
  }

  /** @returns whether there is another certificate than before, so that Kamailio has to read it. One that cannot be used is left alone. */
  renewed(): boolean {
    if (this.config.tls === null) return false;
    const before = this.fingerprint;
    this.takeOrKeep(this.config.tls);
    return this.fingerprint !== before;
  }

  private takeOrKeep(files: TlsFiles): void {
    try {
      this.take(files);
    } catch (error) {
      if (!existsSync(this.installed.certificate)) throw error;
      log('warn', 'TLS certificate not taken, the one before stays', { reason: reasonOf(error) });
    }
  }

  private take({ certificate, key }: TlsFiles): void {
    const pem = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
    const fingerprint = createHash('sha256').update(pem.certificate).update(pem.key).digest('hex');
    if (fingerprint === this.fingerprint) return;
    if (!new X509Certificate(pem.certificate).checkPrivateKey(createPrivateKey(pem.key))) throw new Error('certificate and key differ');
    writePrivately(this.installed.key, pem.key);
    writePrivately(this.installed.certificate, pem.certificate);
    this.fingerprint = fingerprint;
  }

  /** For the edge's own address; whoever calls has to trust it by its fingerprint. */
  private makeOwn(): void {
    const own = { certificate: join(this.folder, 'own.pem'), key: join(this.folder, 'own-key.pem') };
    if (!existsSync(own.certificate)) {
      const ip = this.config.sipAddress.split(':')[0] ?? '';
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', DAYS];
      const names = ['-subj', `/CN=${ip}`, '-addext', `subjectAltName=IP:${ip}`];
      const out = ['-keyout', own.key, '-out', `${own.certificate}.new`];
      execFileSync('openssl', [...request, ...names, ...out], { env: { PATH: this.config.searchPath }, stdio: 'pipe' });
      renameSync(`${own.certificate}.new`, own.certificate);
    }
    this.take(own);
    const { fingerprint256 } = new X509Certificate(readFileSync(own.certificate));
    log('warn', 'TLS with a certificate that signs itself; EDGE_TLS_CERT and EDGE_TLS_KEY give a real one', { fingerprint256 });
  }
}

const tlsConfig = ({ certificate, key }: TlsFiles): string =>
  [
    ...['[server:default]', 'method = TLSv1.2+', 'verify_certificate = no', 'require_certificate = no'],
    ...[`certificate = ${certificate}`, `private_key = ${key}`],
    ...['[client:default]', 'method = TLSv1.2+', 'verify_certificate = no', 'require_certificate = no', ''],
  ].join('\n');

const writePrivately = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};
