import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  REGISTRAR,
  hostOf,
  readRegistrar,
  readTenant,
  tlsAddressOf,
  type RegistrarValue,
  type RegistrationReport,
} from '@trunkline/edge-core';
import type { EntryStore } from './entry-store.ts';
import { RpcFault, type KamailioRpc } from './kamailio-rpc.ts';
import { log, reasonOf } from './log.ts';

/** Kamailio's `uac` keeps the state of a registration in bits. */
const FLAG = { disabled: 1, ongoing: 2, online: 4, tried: 16 } as const;
const IN_FLIGHT = 64;
const REPORTED_MAX = 1000;
const COLUMNS =
  'l_uuid l_username l_domain r_username r_domain realm auth_username auth_password auth_ha1 auth_proxy expires flags reg_delay contact_addr socket'.split(' '); // prettier-ignore

type Row = Readonly<Record<string, SQLInputValue>> & { readonly l_uuid: string; readonly flags: number };
type Wanted = { readonly entry: string; readonly tenant: string | null };

/**
 * Registers the trunks that ask for it, of the tenants whose home this edge is: one registration each, not two. Kamailio does it, from a table that it reads by
 * itself when it starts; what changes there it is told. A row leaves the table when its registration was taken back.
 */
export class Registrations {
  private readonly db: DatabaseSync;
  private readonly reports = new Map<string, RegistrationReport>();

  constructor(
    file: string,
    private readonly store: EntryStore,
    private readonly rpc: KamailioRpc,
    private readonly sipAddress: string,
  ) {
    this.db = new DatabaseSync(file, { timeout: 5000 });
    const types = COLUMNS.map(
      (name) => `${name} ${['expires', 'flags', 'reg_delay'].includes(name) ? 'integer' : 'varchar(255)'} not null`,
    );
    this.db.exec(`create table if not exists uacreg (id integer primary key, ${types.join(', ')}, unique (l_uuid))`);
    this.db.exec(`insert or ignore into version (table_name, table_version) values ('uacreg', 5)`);
  }

  close(): void {
    this.db.close();
  }

  /** Those that fail first. */
  report(): readonly RegistrationReport[] {
    const all = [...this.reports.values()];
    return [...all.filter((r) => r.state === 'failing'), ...all.filter((r) => r.state !== 'failing')].slice(0, REPORTED_MAX);
  }

  /**
   * Brings the table and Kamailio in step with the entries, and looks how each registration stands. Not twice at a time.
   * @returns whether there is something new to report
   */
  async synchronise(): Promise<boolean> {
    const before = this.report();
    const wanted = new Map(this.wanted().map((row) => [row.l_uuid, row]));
    const stored = new Map(this.stored().map((row) => [row.l_uuid, row]));
    for (const row of stored.values()) if (!wanted.has(row.l_uuid)) await this.leave(row);
    const rows = [...wanted.values()];
    for (let at = 0; at < rows.length; at += IN_FLIGHT)
      await Promise.all(rows.slice(at, at + IN_FLIGHT).map((row) => this.keep(row, stored.get(row.l_uuid))));
    return JSON.stringify(this.report()) !== JSON.stringify(before);
  }

  private wanted(): Row[] {
    const sql = `select c.key_value as entry, t.key_value as tenant from ht_credential c
      left join ht_tenant t on t.key_name = json_extract(c.key_value, '$.tenantId') where c.key_name >= ? and c.key_name < ?`;
    const after = REGISTRAR.slice(0, -1) + ';'; // the character behind the colon
    const found = this.db.prepare(sql).all(REGISTRAR, after) as Wanted[];
    return found.flatMap(({ entry, tenant }) => {
      try {
        const atHome = tenant !== null && readTenant(tenant).home?.name === this.store.meta('edge_name');
        return atHome ? [rowOf(readRegistrar(entry), this.sipAddress)] : [];
      } catch (error) {
        log('error', 'registration left out', { reason: reasonOf(error) });
        return [];
      }
    });
  }

  private stored(): Row[] {
    return this.db.prepare(`select ${COLUMNS.join(', ')} from uacreg`).all() as Row[];
  }

  private async keep(row: Row, before: Row | undefined): Promise<void> {
    const unchanged = before !== undefined && COLUMNS.every((name) => before[name] === row[name]);
    if (!unchanged) {
      const places = COLUMNS.map(() => '?').join(', ');
      const put = `insert or replace into uacreg (${COLUMNS.join(', ')}) values (${places})`;
      this.db.prepare(put).run(...COLUMNS.map((name) => row[name] ?? ''));
      this.reports.delete(row.l_uuid);
    }
    const flags = unchanged ? await this.flagsOf(row.l_uuid) : undefined;
    if (flags === undefined) await this.rpc.call('uac.reg_refresh', row.l_uuid);
    else await this.look(row.l_uuid, flags);
    if (flags === undefined) this.note(row.l_uuid, 'registering', null);
  }

  /** Taken back first, forgotten when that is over: whoever answers to it may ask for the password once more. */
  private async leave({ l_uuid: id, flags }: Row): Promise<void> {
    this.reports.delete(id);
    if ((flags & FLAG.disabled) === 0) {
      this.db.prepare('update uacreg set flags = ? where l_uuid = ?').run(FLAG.disabled, id);
      await this.rpc.call('uac.reg_unregister', 'l_uuid', id).catch(absent);
      return;
    }
    const now = await this.flagsOf(id);
    if (now !== undefined && (now & FLAG.ongoing) !== 0) return;
    await this.rpc.call('uac.reg_remove', id).catch(absent);
    for (const table of ['registrar', 'register_answer']) await this.rpc.call('htable.delete', table, id).catch(absent);
    this.db.prepare('delete from uacreg where l_uuid = ?').run(id);
  }

  private async flagsOf(id: string): Promise<number | undefined> {
    const [info] = (await this.rpc.call('uac.reg_info', 'l_uuid', id).catch(absent)) ?? [];
    return info === undefined ? undefined : Number((info as { flags: number }).flags);
  }

  /** While one is renewed it stands as before. */
  private async look(id: string, flags: number): Promise<void> {
    if ((flags & FLAG.online) !== 0) return this.note(id, 'registered', 200);
    if ((flags & FLAG.ongoing) !== 0 || (flags & FLAG.tried) === 0) return;
    const [answer] = (await this.rpc.call('htable.get', 'register_answer', id).catch(absent)) ?? [];
    const code = answer === undefined ? 0 : Number((answer as { item: { value: string | number } }).item.value);
    if (this.reports.get(id)?.state === 'registered') await this.rpc.call('htable.delete', 'registrar', id).catch(absent);
    this.note(id, 'failing', code === 0 ? null : code);
  }

  private note(id: string, state: RegistrationReport['state'], code: number | null): void {
    const before = this.reports.get(id);
    if (before?.state === state && before.sip_code === code) return;
    const since = before?.state === state ? before.since : new Date().toISOString();
    this.reports.set(id, { trunk_id: id, state, sip_code: code, since });
  }
}

/** Kamailio calls what it does not have a fault. */
const absent = (error: unknown): undefined => {
  if (!(error instanceof RpcFault)) throw error;
  return undefined;
};

/** The contact names the trunk: that is how a call from the registrar is known. */
const rowOf = ({ trunkId, uri, username, realm, ha1Md5, expiresSecs }: RegistrarValue, sipAddress: string): Row => {
  const transport = uri.startsWith('sips:') ? 'tls' : (/;transport=(tcp|tls)/i.exec(uri)?.[1]?.toLowerCase() ?? 'udp');
  const own = transport === 'tls' ? tlsAddressOf(sipAddress) : sipAddress;
  return {
    ...{ l_uuid: trunkId, l_username: trunkId, l_domain: 'trunk', r_username: username, r_domain: hostOf(uri), realm },
    ...{ auth_username: username, auth_password: '', auth_ha1: ha1Md5, auth_proxy: uri, expires: expiresSecs, flags: 0, reg_delay: 0 },
    ...{ contact_addr: transport === 'udp' ? own : `${own};transport=${transport}`, socket: '' },
  };
};
