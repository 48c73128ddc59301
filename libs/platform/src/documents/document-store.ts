import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the sealed bytes of documents are. Names are uuids. */
export abstract class DocumentStore {
  abstract put(name: string, bytes: Buffer): Promise<void>;
  /** @throws when there is none */
  abstract get(name: string): Promise<Buffer>;
  /** Removing what is not there is fine. */
  abstract remove(name: string): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A folder of this machine, or one that several share. A file is whole or not there. */
export class FolderStore extends DocumentStore {
  constructor(private readonly folder: string) {
    super();
  }

  async put(name: string, bytes: Buffer): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.path(name);
    await writeFile(`${path}.part`, bytes, { mode: 0o600, flush: true });
    await rename(`${path}.part`, path);
  }

  get(name: string): Promise<Buffer> {
    return readFile(this.path(name));
  }

  async remove(name: string): Promise<void> {
    await rm(this.path(name), { force: true });
  }

  private path(name: string): string {
    if (!UUID.test(name)) throw new Error('a document is named by a uuid');
    return join(this.folder, name);
  }
}
