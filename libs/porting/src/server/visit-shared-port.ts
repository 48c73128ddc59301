import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer } from '@trunkline/platform';
import { orderFaults, profileOf } from '../core/order-faults.ts';
import { portRequirements } from '../core/port-requirements.ts';
import type { DocumentRequirement } from '../core/port-requirements.ts';
import { PortDocuments } from './port-documents.ts';
import type { NewPortDocument } from './port-documents.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import { sheetOf } from './port-sheet.ts';
import type { PortShareLinkRow } from './port-share-links.sql.ts';
import { readPort } from './ports.sql.ts';
import { SharePortOrder } from './share-port-order.ts';
import type { Visitor } from './share-port-order.ts';
import { SignPortLetter } from './sign-port-letter.ts';
import type { LetterSigning, UnsignedLetter } from './sign-port-letter.ts';

/** An order as its visitor sees it: what is asked for, and the letter if it may be signed. */
export type SharedPort = {
  readonly link: PortShareLinkRow;
  readonly numberCount: number;
  readonly documents: readonly (DocumentRequirement & { readonly fault: string | null })[];
  readonly letter: UnsignedLetter | null;
};

/** What somebody without an account does with a link. */
@Injectable()
export class VisitSharedPort {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly share: SharePortOrder,
    private readonly documents: PortDocuments,
    private readonly signing: SignPortLetter,
  ) {}

  /** @throws AppError resource.not_found, request.rate_limited */
  async look(token: string, visitor: Visitor): Promise<SharedPort> {
    const { link, ctx } = await this.share.open(token, visitor);
    const asked = await this.db.read(ctx, async (tx) => {
      const sheet = await sheetOf(tx, this.sealer, await readPort(tx, ctx.tenantId, link.orderId));
      const profile = profileOf(sheet);
      const faults = new Map(orderFaults(sheet, this.clock.now()).map(({ pointer, detail }) => [pointer, detail]));
      const documents = (profile && portRequirements(profile)?.documents) ?? [];
      return {
        numberCount: sheet.numbers.length,
        documents: documents.map((d) => ({ ...d, fault: faults.get(`/documents/${d.kind}`) ?? null })),
      };
    });
    const isUnsigned = asked.documents.some(({ kind, fault }) => kind === 'letter_of_authority' && fault !== null);
    const letter = isUnsigned && link.allows.includes('sign') ? await this.letterOf(ctx, link.orderId) : null;
    return { link, ...asked, letter };
  }

  /** @throws AppError resource.not_found, request.rate_limited, and as PortDocuments.add */
  async upload(token: string, visitor: Visitor, document: Omit<NewPortDocument, 'shareLinkId'>): Promise<PortDocumentRow> {
    const { link, ctx } = await this.share.open(token, visitor, 'upload');
    return this.documents.add(ctx, link.orderId, { ...document, shareLinkId: link.id });
  }

  /** @throws AppError resource.not_found, request.rate_limited, and as SignPortLetter */
  async sign(token: string, visitor: Visitor, signing: Omit<LetterSigning, 'shareLinkId'>): Promise<PortDocumentRow> {
    const { link, ctx } = await this.share.open(token, visitor, 'sign');
    return this.signing.execute(ctx, link.orderId, { ...signing, shareLinkId: link.id });
  }

  /** Where there is nothing to be signed yet or any more, there is no letter. */
  private letterOf(ctx: TenantContext, orderId: string): Promise<UnsignedLetter | null> {
    return this.signing.unsigned(ctx, orderId).catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'conflict') return null;
      throw error;
    });
  }
}
