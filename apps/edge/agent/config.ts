import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** sun_path is 108 bytes on Linux; the longest name we put there is `/ctl.sock`. */
const MAX_RUN_DIR_BYTES = 98;

const address = z.string().regex(/^(?:\d{1,3}\.){3}\d{1,3}:\d{1,5}$/, 'must be IPv4:port');

const schema = z
  .object({
    EDGE_DATA_DIR: z.string().min(1),
    EDGE_SIP_ADDRESS: address,
    EDGE_GATEWAY_URL: z.url({ protocol: /^wss?$/ }),
    EDGE_ENROL_TOKEN: z.string().min(1).optional(),
    EDGE_METRICS_ADDRESS: address.optional(),
    EDGE_PROBE_SECS: z.coerce.number().min(0).max(120).default(20),
    EDGE_KEEPALIVE_SECS: z.coerce
      .number()
      .int()
      .max(600)
      .refine((secs) => secs === 0 || secs >= 30, 'must be 0 or at least 30') // Kamailio accepts no less
      .default(60),
    EDGE_BUNDLE: z.string().min(1).optional(),
    EDGE_BUSY_HANDLER: z.string().min(1).optional(),
    EDGE_TLS_CERT: z.string().min(1).optional(),
    EDGE_TLS_KEY: z.string().min(1).optional(),
    EDGE_KAMAILIO: z.string().default('kamailio'),
    EDGE_KAMAILIO_SQL: z.string().default('/usr/share/kamailio/db_sqlite'),
    PATH: z.string().default('/usr/sbin:/usr/bin:/sbin:/bin'),
  })
  .refine((env) => (env.EDGE_TLS_CERT === undefined) === (env.EDGE_TLS_KEY === undefined), {
    path: ['EDGE_TLS_KEY'],
    message: 'EDGE_TLS_CERT and EDGE_TLS_KEY go together',
  });

/** PEM files: the certificate with its chain, and its key. Read again when they change. */
export type TlsFiles = { readonly certificate: string; readonly key: string };

export type Config = {
  readonly dataDir: string;
  readonly runDir: string; //        Kamailio's sockets
  readonly sipAddress: string; //    ip:port
  readonly gatewayUrl: string; //    ws:// or wss://
  readonly enrolToken: string | null;
  readonly metricsAddress: string | null; // ip:port of /metrics; null: none
  readonly bundle: string | null; //   the decision, prebuilt; null: built from the sources at start
  readonly busyHandler: string | null; // sqlbusy.c, compiled on a system like this one; null: compiled at the first start
  readonly kamailio: string; //      the program
  readonly kamailioSql: string; //   folder of its SQLite table definitions
  readonly kamailioConfig: string;
  readonly searchPath: string; //      PATH of the programs it starts
  readonly tls: TlsFiles | null; //    null: a certificate that signs itself
  readonly keepaliveSecs: number; //   how often both parties of a call are asked whether they are there; 0: never
  readonly probeIntervalMs: number; // how often each target is asked whether it is there; 0: never
};

/** @throws Error naming every faulty variable, never its value */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new Error(`configuration: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  const dataDir = resolve(parsed.data.EDGE_DATA_DIR);
  return {
    dataDir,
    runDir: runDirOf(dataDir),
    sipAddress: parsed.data.EDGE_SIP_ADDRESS,
    gatewayUrl: parsed.data.EDGE_GATEWAY_URL.replace(/\/+$/, ''),
    enrolToken: parsed.data.EDGE_ENROL_TOKEN ?? null,
    metricsAddress: parsed.data.EDGE_METRICS_ADDRESS ?? null,
    bundle: parsed.data.EDGE_BUNDLE === undefined ? null : resolve(parsed.data.EDGE_BUNDLE),
    busyHandler: parsed.data.EDGE_BUSY_HANDLER === undefined ? null : resolve(parsed.data.EDGE_BUSY_HANDLER),
    searchPath: parsed.data.PATH,
    tls: tlsOf(parsed.data),
    keepaliveSecs: parsed.data.EDGE_KEEPALIVE_SECS,
    probeIntervalMs: parsed.data.EDGE_PROBE_SECS * 1000,
    kamailio: parsed.data.EDGE_KAMAILIO,
    kamailioSql: parsed.data.EDGE_KAMAILIO_SQL,
    kamailioConfig: fileURLToPath(new URL('../kamailio/kamailio.cfg', import.meta.url)),
  };
};

const tlsOf = ({
  EDGE_TLS_CERT: certificate,
  EDGE_TLS_KEY: key,
}: {
  EDGE_TLS_CERT?: string | undefined;
  EDGE_TLS_KEY?: string | undefined;
}): TlsFiles | null => (certificate === undefined || key === undefined ? null : { certificate: resolve(certificate), key: resolve(key) });

/** Beside the data, unless that path is too long for a socket. */
const runDirOf = (dataDir: string): string => {
  const beside = join(dataDir, 'run');
  if (Buffer.byteLength(beside) <= MAX_RUN_DIR_BYTES) return beside;
  return join(tmpdir(), `trunkline-edge-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
};

export const fromEnvironment = (): Config => readConfig(process.env);
