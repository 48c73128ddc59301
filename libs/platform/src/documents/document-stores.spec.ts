import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@trunkline/kernel';
import { S3Emulator } from '../../test-support/s3-emulator.ts';
import { FolderStore } from './document-store.ts';
import type { DocumentStore } from './document-store.ts';
import { S3Store } from './s3-store.ts';

const KEY = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', region: 'eu-central-1' };
const emulator = new S3Emulator(KEY);
const folder = mkdtempSync(join(tmpdir(), 'documents-'));
let bucketUrl: string;
const bucket = (secret = KEY.secret) => new S3Store({ url: bucketUrl, region: KEY.region, keyId: KEY.id, secret });

beforeAll(async () => {
  bucketUrl = await emulator.start();
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['a folder', (): DocumentStore => new FolderStore(folder)],
  ['a bucket of the S3 emulator', (): DocumentStore => bucket()],
])('%s', (_, open) => {
  it('gives back what was put, the last of it, until it is removed; removing twice is fine', async () => {
    const [store, name] = [open(), newId()];
    await store.put(name, Buffer.from('first'));
    await store.put(name, Buffer.from([0, 1, 255]));
    expect(await store.get(name)).toEqual(Buffer.from([0, 1, 255]));
    await store.remove(name);
    await store.remove(name);
    await expect(store.get(name)).rejects.toThrow();
  });
});

it('a folder takes no name that leads out of it, and shows no half of a file', async () => {
  await expect(new FolderStore(folder).put('../elsewhere', Buffer.from('x'))).rejects.toThrow('uuid');
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

describe('a bucket', () => {
  it('is asked again after what passes, and refuses a wrong signature', async () => {
    emulator.failures.push(503);
    const name = newId();
    await bucket().put(name, Buffer.from('again'));
    expect(emulator.objects.get(`/bucket/${name}`)).toEqual(Buffer.from('again'));
    await expect(bucket('wrong').get(name)).rejects.toThrow('403');
  });
});
