import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, DocumentVault, Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { portingErrors } from '../core/errors.ts';
import type { Letter } from '../core/letter-of-authority.ts';
import { demandWhole, isSamePerson, orderFaults } from '../core/order-faults.ts';
import { demandEditable } from '../core/port-guards.ts';
import { keepDocument } from './keep-document.ts';
import type { PortDocumentRow } from './port-documents.sql.ts';
import { sheetOf } from './port-sheet.ts';
import { PORT_PAPERS } from './port-papers-config.ts';
import type { PortPapersConfig } from './port-papers-config.ts';
import { lockPort, readPort } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { renderLetter } from './render-letter.ts';

export type LetterSigning = {
  readonly signerName: string;
  readonly signerTitle: string | null;
  /** Of the list that the signer saw. */
  readonly numbersHash: string;
  readonly userAgent: string;
  readonly shareLinkId: string | null;
};
export type UnsignedLetter = Letter & { readonly numbersHash: string; readonly signerName: string | null };

const SIGNER = '/fields/signer_name';

/** The letter of authority of an order: what it says, and its signature with the evidence of it. */
@Injectable()
export class SignPortLetter {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    private readonly vault: DocumentVault,
    @Inject(PORT_PAPERS) private readonly config: PortPapersConfig,
  ) {}

  /** What is to be signed, as the order is now. @throws AppError resource.not_found, port_order.command_refused, port_order.incomplete */
  unsigned(ctx: TenantContext, orderId: string): Promise<UnsignedLetter> {
    return this.db.read(ctx, async (tx) => this.letterOf(tx, await readPort(tx, ctx.tenantId, orderId)));
  }

  /** @throws AppError as `unsigned`; port_order.list_changed, request.invalid at /signer_name, port_order.too_many_documents */
  execute(ctx: TenantContext, orderId: string, signing: LetterSigning): Promise<PortDocumentRow> {
    const { signerTitle, userAgent, shareLinkId } = signing;
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const port = await lockPort(tx, ctx.tenantId, orderId);
      const { numbersHash, signerName: named, ...letter } = await this.letterOf(tx, port);
      if (numbersHash !== signing.numbersHash) throw new AppError(portingErrors.listChanged);
      const signerName = signing.signerName.trim();
      if (named !== null && !isSamePerson(named, signerName))
        throw invalidField('/signer_name', 'other_signer', 'The order names somebody else as the one who signs');
      const evidence = { signerName, signerTitle, address: ctx.sourceAddress ?? 'unknown', userAgent, numbersHash };
      const bytes = await renderLetter(letter, { ...evidence, signedAt: now });
      const examined = await this.vault.examine(bytes, 'application/pdf');
      const fields = { ...port.row.fields, signer_name: named ?? signerName };
      const document: PortDocumentRow = {
        id: newId(),
        orderId,
        kind: 'letter_of_authority',
        fileName: 'letter-of-authority.pdf',
        ...examined,
        datedAt: now,
        numbersHash,
        signature: { ...evidence, signedAt: now.toISOString() },
        shareLinkId,
        createdAt: now,
      };
      const withSigner = { ...port, row: { ...port.row, fields } };
      await keepDocument(tx, ctx, { vault: this.vault, sealer: this.sealer }, withSigner, document, bytes);
      return document;
    });
  }

  /** Nobody signs what is known to be wrong: the account must be told whole first, but for who signs. */
  private async letterOf(tx: Tx, port: Pick<Port, 'row' | 'numbers'>): Promise<UnsignedLetter> {
    const { row } = port;
    demandEditable(row);
    if (row.losingCarrierName === null)
      throw new AppError(portingErrors.incomplete, 'Have it checked first: whose the numbers are now is not known');
    const sheet = await sheetOf(tx, this.sealer, port);
    demandWhole(orderFaults(sheet, this.clock.now()).filter((f) => f.pointer.startsWith('/fields/') && f.pointer !== SIGNER));
    const { service_address: street, city, state, postal_code: postalCode, ...fields } = row.fields;
    const place = [city, state, postalCode].filter(Boolean).join(' ');
    return {
      subscriberName: fields['subscriber_name'] ?? '',
      addressLines: [street, place].filter((line): line is string => Boolean(line)),
      accountNumber: fields['account_number'] ?? null,
      billingNumber: fields['billing_number'] ?? null,
      losingCarrier: row.losingCarrierName,
      gainingCarrier: this.config.gainingCarrier,
      numbers: sheet.numbers,
      numbersStay: fields['remaining_numbers'] === 'keep',
      numbersHash: sheet.numbersHash,
      signerName: fields['signer_name'] ?? null,
    };
  }
}
