import { connect } from 'node:net';
import { VirusScan } from './virus-scan.ts';
import type { Finding } from './virus-scan.ts';

const TIMEOUT_MS = 20_000;
const CHUNK_BYTES = 64 * 1024;
const ANSWER_MAX = 4_096;

/** clamd(8), by its command INSTREAM: chunks with their length before them, an empty one at the end, one answer that ends with NUL. */
export class ClamdScan extends VirusScan {
  readonly name = 'clamd';

  /** @param address `host:port`, or the path of a socket */
  constructor(private readonly address: string) {
    super();
  }

  async scan(bytes: Buffer): Promise<Finding> {
    const answer = await this.ask([Buffer.from('zINSTREAM\0'), ...chunks(bytes), Buffer.alloc(4)]);
    if (answer === 'stream: OK') return null;
    const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
    if (found === undefined) throw new Error(`clamd did not scan: ${answer}`);
    return found;
  }

  private ask(parts: readonly Buffer[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.place());
      let answer = '';
      socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('clamd does not answer')));
      socket.once('connect', () => void socket.write(Buffer.concat(parts)));
      socket.on('data', (part: Buffer) => {
        answer += part.toString('utf8');
        if (answer.includes('\0') || answer.length > ANSWER_MAX) socket.end();
      });
      socket.once('error', reject);
      socket.once('close', () => resolve(answer.split('\0')[0]!.trim()));
    });
  }

  private place(): { readonly path: string } | { readonly host: string; readonly port: number } {
    if (this.address.startsWith('/')) return { path: this.address };
    const at = this.address.lastIndexOf(':');
    return { host: this.address.slice(0, at), port: Number(this.address.slice(at + 1)) };
  }
}

const chunks = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, i) => {
    const chunk = bytes.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    return Buffer.concat([length, chunk]);
  });
