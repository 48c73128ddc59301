import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CHANNEL_KINDS, type ChannelKind, type ChannelsReport } from '@trunkline/edge-core';

const REPORTED_MAX = 1000;

/** Which kinds of channels carry the calls that are answered now, from what Kamailio keeps of them to survive a restart. */
export class ChannelsInUse {
  private readonly calls: StatementSync;

  constructor(db: DatabaseSync) {
    this.calls = db.prepare(
      `select v.dialog_value as call from dialog d join dialog_vars v on v.hash_entry = d.hash_entry and v.hash_id = d.hash_id
       where v.dialog_key = 'c' and d.state in (3, 4)`,
    );
  }

  report(): ChannelsReport {
    const counts = new Map<string, number>();
    for (const { call } of this.calls.iterate() as Iterable<{ call: string }>) {
      const key = channelOf(call);
      if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const uses = [...counts].slice(0, REPORTED_MAX).map(([key, calls]) => {
      const [tenant_id = '', kind = '', pool_id = ''] = key.split(' ');
      return { tenant_id, kind: kind as ChannelKind, pool_id: pool_id === '' ? null : pool_id, calls };
    });
    return { complete: uses.length === counts.size, uses };
  }
}

/** Tenant, kind and pool of what route[CARRY] notes of a call: its record's fields, and behind the bar an address. */
const channelOf = (call: string): string | undefined => {
  const fields = new URLSearchParams(call.split('|')[0]);
  const [tenant, kind] = [fields.get('t') ?? '', fields.get('ch') ?? ''];
  return tenant !== '' && CHANNEL_KINDS.some((k) => k === kind) ? `${tenant} ${kind} ${fields.get('cp') ?? ''}` : undefined;
};
