import { Injectable, Optional } from '@nestjs/common';
import { CarrierRefusal, PortingCarrier } from '@trunkline/carriers/server';
import type { PortPaper, PortRequest } from '@trunkline/carriers';
import { Clock } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { Database, DocumentVault, Log, Sealer } from '@trunkline/platform';
import { commandOf } from '../core/carrier-command.ts';
import type { CarrierCommand } from '../core/carrier-command.ts';
import { numberZone } from '../core/number-zone.ts';
import { AskCustomerRecord } from './ask-customer-record.ts';
import { CarrierAsks } from './carrier-asks.ts';
import { ownerOf } from './keep-document.ts';
import { listPapers } from './port-documents.sql.ts';
import { portingContext } from './porting-context.ts';
import { pinOf } from './port-sheet.ts';
import { lockPort } from './ports.sql.ts';
import type { Port } from './ports.sql.ts';
import { recordPort } from './record-port.ts';
import type { NewEntry } from './record-port.ts';
import { SplitPort } from './split-port.ts';
import type { AskedGroup } from './split-port.ts';

/**
 * Tells the carrier what it has yet to be told of an order, outside of any transaction, and writes down that it has it. Killed in between, it is
 * told again with the same key; the carrier acknowledges that again.
 */
@Injectable()
export class SendPort {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly sealer: Sealer,
    private readonly carrier: PortingCarrier,
    private readonly split: SplitPort,
    private readonly asks: CarrierAsks,
    private readonly records: AskCustomerRecord,
    @Optional() private readonly vault?: DocumentVault,
  ) {}

  async execute(tenantId: string, id: string): Promise<void> {
    const ctx = portingContext(tenantId);
    const port = await this.db.tx(ctx, (tx) => lockPort(tx, tenantId, id));
    const command = commandOf(port.standing);
    if (!command) return;
    if (command.verb === 'check') return this.check(port);
    const entries = await this.tell(port, command).catch((error: unknown) => this.failed(port, command, error));
    await this.db.tx(ctx, async (tx) => {
      const now = await lockPort(tx, tenantId, id);
      if (commandOf(now.standing)?.key === command.key) await recordPort(tx, ctx, now, entries, this.clock.now());
    });
  }

  private async check(port: Port): Promise<void> {
    const results = await this.carrier.checkPortability(port.numbers.map((n) => n.e164));
    const groups: AskedGroup[] = [];
    for (const group of this.split.groupsOf(results)) groups.push({ ...group, asks: await this.asks.of(group) });
    const { tenantId, id } = port.row;
    // what is not asked for now is due in the next sweep
    for (const one of await this.split.execute(tenantId, id, results, groups)) await this.records.execute(tenantId, one);
  }

  private async tell(port: Port, { verb, key }: CarrierCommand): Promise<readonly NewEntry[]> {
    const { carrierRef: ref } = port.standing;
    if (verb === 'create' || ref === null) {
      const carrierRef = await this.carrier.create(port.row.id, await this.requestOf(port, key));
      return [{ event: 'sent', data: { sent: key, carrierRef } }];
    }
    if (verb === 'supplement') await this.carrier.supplement(ref, await this.requestOf(port, key));
    if (verb === 'cancel') await this.carrier.cancel(ref, key);
    if (verb === 'activate') await this.carrier.activate(ref, key);
    if (verb === 'reverse') await this.carrier.reverse(ref, key);
    return [{ event: 'sent', data: { sent: key } }];
  }

  private failed(port: Port, { verb, key }: CarrierCommand, err: unknown): readonly NewEntry[] {
    this.log.warn({ portOrderId: port.row.id, verb, err }, 'the carrier did not take a command');
    return err instanceof CarrierRefusal ? [refusedEntry(port, verb, key, err)] : [{ event: 'submit_retry' }];
  }

  private async requestOf({ row, numbers, standing }: Port, key: string): Promise<PortRequest> {
    return {
      key,
      version: standing.version,
      numbers: numbers.map((n) => n.e164),
      requestedFocAt: standing.requestedFocAt === null ? null : new Date(standing.requestedFocAt),
      timeZone: zoneOf(row.country, numbers[0]?.e164),
      country: row.country ?? 'US',
      customer: row.customer,
      fields: { ...row.fields, ...pinOf(this.sealer, row) },
      papers: await this.papersOf(row.tenantId, row.id),
    };
  }

  private async papersOf(tenantId: string, orderId: string): Promise<readonly PortPaper[]> {
    const rows = await this.db.read(portingContext(tenantId), (tx) => listPapers(tx, tenantId, [orderId]));
    return rows.map(({ id, kind, fileName, mediaType, contentHash }) => {
      const read = async () => {
        if (!this.vault) throw new Error('there is no store of documents here');
        return this.vault.get(ownerOf(tenantId, id), id, contentHash);
      };
      return { id, kind, fileName, mediaType, read };
    });
  }
}

/** What it means that the carrier will not do what it was told: it need not be told again. */
const refusedEntry = ({ standing }: Port, verb: CarrierCommand['verb'], sent: string, refusal: CarrierRefusal): NewEntry => {
  const { code, carrierCode, message: carrierText } = refusal;
  const reason = `${carrierCode}: ${carrierText}`;
  if (verb === 'cancel') return { event: 'cancel_too_late', data: { reason, sent } };
  if (verb === 'reverse') return { event: 'reversal_refused', data: { reason, sent } };
  if (verb === 'activate') return { event: 'left_undone', data: { reason, sent } };
  if (standing.state === 'cancel_requested') return { event: 'cancel_accepted', data: { reason } }; // it has nothing that could be cancelled
  return { event: 'refused_for_good', data: { rejections: [{ code, carrierCode, carrierText, numbers: [] }] } };
};

/** The zone that an order's firm date is told in: that of its numbers, which share a country. */
const zoneOf = (country: string | null, e164: E164 | undefined): string =>
  (country !== null && e164 !== undefined && numberZone(e164, country)?.zone) || 'UTC';
