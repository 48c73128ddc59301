import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Request = { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: Buffer };
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hex = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** An emulation of one S3 bucket: put, get, delete; each request must be signed (AWS Signature Version 4), which is reckoned anew here. */
export class S3Emulator {
  readonly objects = new Map<string, Buffer>();
  /** What the next requests are answered with instead. */
  readonly failures: number[] = [];
  private readonly server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const [status, body] = this.answer({ method, path: url, headers, body: Buffer.concat(parts) });
      response.writeHead(status).end(body);
    });
  });

  constructor(private readonly key: { readonly id: string; readonly secret: string; readonly region: string }) {}

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/bucket`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: Request): readonly [number, Buffer?] {
    const failure = this.failures.shift();
    if (failure) return [failure];
    if (!this.isSigned(request)) return [403];
    const { method, path, body } = request;
    if (method === 'PUT') this.objects.set(path, body);
    if (method === 'DELETE') this.objects.delete(path);
    if (method !== 'GET') return [method === 'PUT' ? 200 : 204];
    const found = this.objects.get(path);
    return found ? [200, found] : [404];
  }

  private isSigned({ method, path, headers }: Request): boolean {
    const given = /Credential=([^/]+)\/(\d{8})\/[^,]*, SignedHeaders=([^,]+), Signature=([0-9a-f]+)/.exec(headers.authorization ?? '');
    if (!given || given[1] !== this.key.id) return false;
    const [, , day = '', names = '', signature] = given;
    const { id: _, secret, region } = this.key;
    const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
    const canonical = [method, path, '', signed.join(''), names, headers['x-amz-content-sha256']].join('\n');
    const scope = `${day}/${region}/s3/aws4_request`;
    const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n');
    const key = [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day));
    return hmac(key, text).toString('hex') === signature;
  }
}
