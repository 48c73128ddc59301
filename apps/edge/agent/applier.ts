import type { Change, EntryStore, MetaName } from './entry-store.ts';
import { htableKey } from './entry-store.ts';
import { RpcFault, type KamailioRpc } from './kamailio-rpc.ts';
import { ENTRY_KINDS } from '@trunkline/edge-core';

/** More changes than this at once are quicker read from the file. */
const RELOAD_ABOVE = 20_000;
const IN_FLIGHT = 64;

/**
 * Brings Kamailio's shared memory in step with the entry store. The store is written first and the version last in both, so that a crash at
 * any point is seen as a difference of versions and repaired by a reload. Calls must not overlap: the agent runs them one by one.
 */
export class Applier {
  constructor(
    private readonly store: EntryStore,
    private readonly rpc: KamailioRpc,
  ) {}

  /** Writes what the store has just committed. */
  async push(changes: readonly Change[]): Promise<void> {
    if (changes.length > RELOAD_ABOVE) return this.reload();
    for (let at = 0; at < changes.length; at += IN_FLIGHT) await Promise.all(changes.slice(at, at + IN_FLIGHT).map((c) => this.pushOne(c)));
    await this.pushMeta('version');
  }

  async pushMeta(name: MetaName): Promise<void> {
    const value = this.store.meta(name);
    if (value !== undefined) await this.rpc.call('htable.sets', 'meta', name, value);
  }

  /** Compares versions and reads everything anew when they differ. */
  async synchronise(): Promise<void> {
    const running = await this.runningVersion();
    if (running !== this.store.cursor()) await this.reload();
    else for (const name of ['realm', 'edge_name'] as const) await this.pushMeta(name);
  }

  private async reload(): Promise<void> {
    for (const table of [...ENTRY_KINDS, 'meta']) await this.rpc.call('htable.reload', table);
  }

  private async pushOne({ kind, key, value }: Change): Promise<void> {
    const name = htableKey(kind, key);
    if (value !== null) await this.rpc.call('htable.sets', kind, name, value);
    else await this.rpc.call('htable.delete', kind, name).catch(absent);
  }

  private async runningVersion(): Promise<number> {
    try {
      const [reply] = await this.rpc.call('htable.get', 'meta', 'version');
      const { item } = reply as { item: { value: string | number } };
      return Number(item.value);
    } catch (error) {
      absent(error);
      return 0;
    }
  }
}

/** Kamailio calls a missing key a fault. */
const absent = (error: unknown): void => {
  if (!(error instanceof RpcFault)) throw error;
};
