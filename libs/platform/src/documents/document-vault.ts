import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import { Sealer } from '../crypto/sealer.ts';
import { platformErrors } from '../http/errors.ts';
import { Log } from '../telemetry/log.ts';
import { DocumentStore } from './document-store.ts';
import { documentTypeOf } from './document-type.ts';
import type { DocumentType } from './document-type.ts';
import { VirusScan } from './virus-scan.ts';

/** What the bytes of a document are, whatever was said of them. */
export type Examined = {
  readonly mediaType: DocumentType;
  readonly byteCount: number;
  readonly contentHash: Buffer;
  readonly scannedBy: string;
};

/** Takes people's documents: known by their bytes, looked through for viruses, sealed before they are stored. `owner` binds them to their row. */
@Injectable()
export class DocumentVault {
  constructor(
    private readonly store: DocumentStore,
    private readonly virusScan: VirusScan,
    private readonly sealer: Sealer,
    private readonly log: Log,
  ) {}

  /** @throws AppError document.type, document.infected, document.not_scanned */
  async examine(bytes: Buffer, claimedType: string): Promise<Examined> {
    const mediaType = documentTypeOf(bytes);
    if (mediaType === undefined || mediaType !== claimedType) throw new AppError(platformErrors.documentType);
    const finding = await this.virusScan.scan(bytes).catch((err: unknown) => {
      this.log.error({ err }, 'a document could not be scanned');
      throw new AppError(platformErrors.documentNotScanned);
    });
    if (finding !== null) throw new AppError(platformErrors.documentInfected, `It has ${finding}`);
    const contentHash = createHash('sha256').update(bytes).digest();
    return { mediaType, byteCount: bytes.length, contentHash, scannedBy: this.virusScan.name };
  }

  put(owner: string, id: string, bytes: Buffer): Promise<void> {
    return this.store.put(id, this.sealer.seal(bytes, owner));
  }

  /** The bytes as they came. @throws when they are gone, or are not what was stored */
  async get(owner: string, id: string, contentHash: Buffer): Promise<Buffer> {
    const bytes = this.sealer.openBytes(await this.store.get(id), owner);
    if (!createHash('sha256').update(bytes).digest().equals(contentHash)) throw new Error(`document ${id} is not what was stored`);
    return bytes;
  }

  remove(id: string): Promise<void> {
    return this.store.remove(id);
  }
}
