import { AwsClient } from 'aws4fetch';
import { DocumentStore } from './document-store.ts';

/** `url` has the bucket: https://s3.eu-central-1.example.com/documents. */
export type S3Config = { readonly url: string; readonly region: string; readonly keyId: string; readonly secret: string };

const TIMEOUT_MS = 20_000;
const RETRIES = 2; // of what the store says passes: 429 and 5xx

/** A bucket of whatever speaks S3, by path. An object is whole or not there; what is in it was sealed before. */
export class S3Store extends DocumentStore {
  private readonly client: AwsClient;

  constructor(private readonly config: S3Config) {
    super();
    const { region, keyId: accessKeyId, secret: secretAccessKey } = config;
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: RETRIES });
  }

  async put(name: string, bytes: Buffer): Promise<void> {
    await this.send(name, 'PUT', new Uint8Array(bytes));
  }

  async get(name: string): Promise<Buffer> {
    return Buffer.from(await (await this.send(name, 'GET')).arrayBuffer());
  }

  async remove(name: string): Promise<void> {
    await this.send(name, 'DELETE');
  }

  private async send(name: string, method: string, body?: Uint8Array<ArrayBuffer>): Promise<Response> {
    const response = await this.client.fetch(`${this.config.url.replace(/\/+$/, '')}/${name}`, {
      method,
      ...(body && { body, headers: { 'content-type': 'application/octet-stream' } }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok || (method === 'DELETE' && response.status === 404)) return response;
    await response.body?.cancel();
    throw new Error(`the document store answered ${method} with ${response.status}`);
  }
}
