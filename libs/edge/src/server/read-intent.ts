import { Injectable } from '@nestjs/common';
import type { CredentialRow, GroupRow, RegistrarRow, SharedCredentialRow, TenantRow, TrunkRow } from './intent.sql.ts';
import { registrarKey } from '@trunkline/edge-core';
import type {
  EntryKind,
  InboundGroupIntent,
  Intent,
  NumberIntent,
  RegistrarIntent,
  SharedCredentialIntent,
  TenantIntent,
  TrunkIntent,
} from '@trunkline/edge-core';
import { Clock } from '@trunkline/kernel';
import { scheduleIntent } from '@trunkline/numbers';
import { Log, Sealer } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { ha1Context, registrarContext } from '@trunkline/trunks/server';
import type { Resources } from '../core/resources.ts';
import * as statements from './intent.sql.ts';

export type EntryKey = { readonly kind: EntryKind; readonly key: string };
export type Revision = { readonly type: string; readonly id: string; readonly revision: number };

/** What was read: the intent, and which entries follow from it alone, so that one which does not appear is one to remove. */
export type IntentPart = {
  readonly intent: Intent;
  readonly kinds: readonly EntryKind[];
  readonly keys: readonly EntryKey[];
  /** Emergency numbers of these countries are told, too; what else there is of that kind stays. */
  readonly emergencyCountries: readonly string[];
  readonly revisions: readonly Revision[];
  /** Credentials that could not be opened: whatever the edges have of them stays. */
  readonly unreadable: readonly string[];
};

const CARRIER_KINDS: readonly EntryKind[] = ['source', 'route', 'emergency'];
const ALLOW_LIST_KINDS: readonly EntryKind[] = ['allow_list'];

/** Reads what the edges should do from the tables of tenancy, trunks, numbers, channels and carriers. */
@Injectable()
export class ReadIntent {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Everything but numbers, which are too many to be read at once. */
  async allButNumbers(tx: Tx): Promise<Pick<IntentPart, 'intent' | 'unreadable'>> {
    const now = this.clock.now();
    const tenants = (await tx.query(statements.allTenants, now)).map(tenantIntent);
    const trunkRows = await tx.query(statements.liveTrunks);
    const opened = this.open(await tx.query(statements.liveCredentials));
    const shared = this.openShared(await tx.query(statements.liveSharedCredentials));
    const registrars = this.openRegistrars(await tx.query(statements.allRegistrars));
    const trunkAddresses = await tx.query(statements.liveAddresses);
    const carried = {
      ...(await readCarriers(tx, true)),
      trunkAddresses,
      sharedCredentials: shared.credentials,
      allowList: await readAllowList(tx),
    };
    const verified = await tx.query(statements.allVerified, now);
    const channels = {
      channelPools: await tx.query(statements.allChannelPools),
      channelGroups: await tx.query(statements.allChannelGroups),
    };
    const inbound = {
      inboundGroups: (await tx.query(statements.inboundGroups)).map(groupIntent),
      schedules: (await tx.query(statements.inboundSchedules)).map((s) => scheduleIntent(s, s.year)),
    };
    const intent = {
      tenants,
      trunks: trunkIntents(trunkRows, opened, registrars),
      numbers: [],
      verified,
      ...carried,
      ...channels,
      ...inbound,
    };
    return { intent, unreadable: [...opened.unreadable, ...shared.unreadable, ...registrars.unreadable] };
  }

  /** The next numbers in order, at most `limit`; the empty string begins. */
  numbersAfter(tx: Tx, e164: string, limit: number): Promise<readonly NumberIntent[]> {
    return tx.query(statements.liveNumbersAfter, e164, limit);
  }

  /** What these resources are made of now, deleted ones included. */
  async of(tx: Tx, resources: Resources): Promise<IntentPart> {
    const { tenants: tenantIds, trunks: trunkIds, numbers: e164s, carriers } = resources;
    const now = this.clock.now();
    const tenants = tenantIds.length > 0 ? await tx.query(statements.someTenants, now, tenantIds) : [];
    const verified = resources.verified.length > 0 ? await tx.query(statements.someVerified, now, resources.verified) : [];
    const trunks = trunkIds.length > 0 ? await tx.query(statements.someTrunks, trunkIds) : [];
    const credentials = trunkIds.length > 0 ? await tx.query(statements.someCredentials, trunkIds) : [];
    const sharedRows = trunkIds.length > 0 ? await tx.query(statements.someSharedCredentials, trunkIds) : [];
    const shared = this.openShared(sharedRows.filter((c) => c.live));
    const registrars = this.openRegistrars(trunkIds.length > 0 ? await tx.query(statements.someRegistrars, trunkIds) : []);
    const networks = trunkIds.length > 0 ? (await tx.query(statements.networksOfTrunks, trunkIds)).map((n) => n.network) : [];
    const trunkAddresses = networks.length > 0 ? await tx.query(statements.addressesAt, networks) : [];
    const { channelPools: poolIds, channelGroups: groupIds } = resources;
    const channelPools = poolIds.length > 0 ? await tx.query(statements.someChannelPools, poolIds) : [];
    const channelGroups = groupIds.length > 0 ? await tx.query(statements.someChannelGroups, groupIds) : [];
    const numbers = e164s.length > 0 ? await tx.query(statements.someNumbers, e164s) : [];
    const groups = resources.inboundGroups.length > 0 ? await tx.query(statements.someGroups, resources.inboundGroups) : [];
    const schedules = resources.inboundSchedules.length > 0 ? await tx.query(statements.someSchedules, resources.inboundSchedules) : [];
    const opened = this.open(credentials.filter((c) => c.live));
    const live = { trunks: trunks.filter((t) => t.live), numbers: numbers.filter((n) => n.live) };
    const unreadable = [...opened.unreadable, ...shared.unreadable, ...registrars.unreadable];
    const fromCarriers =
      carriers || live.trunks.length > 0 ? await readCarriers(tx, carriers) : { gateways: [], routes: [], emergencyRoutes: [] };
    return {
      intent: {
        tenants: tenants.map(tenantIntent),
        trunks: trunkIntents(live.trunks, opened, registrars),
        numbers: live.numbers,
        verified,
        ...fromCarriers,
        trunkAddresses,
        sharedCredentials: shared.credentials,
        channelPools,
        channelGroups,
        allowList: resources.allowList ? await readAllowList(tx) : [],
        inboundGroups: groups.map(groupIntent),
        schedules: schedules.map((s) => scheduleIntent(s, s.year)),
      },
      kinds: [...(carriers ? CARRIER_KINDS : []), ...(resources.allowList ? ALLOW_LIST_KINDS : [])],
      keys: [...keysOf(resources, [...credentials, ...sharedRows], unreadable), ...networks.map((key): EntryKey => ({ kind: 'pbx', key }))],
      emergencyCountries: [...new Set(live.trunks.map((t) => t.country))],
      revisions: [
        ...revisions('tenant', tenants),
        ...tenants.flatMap(({ id, planRevision }) =>
          planRevision === null ? [] : [{ type: 'disaster_plan', id, revision: planRevision }],
        ),
        ...revisions('trunk', trunks),
        ...revisions('channel_pool', channelPools),
        ...revisions('channel_group', channelGroups),
        ...revisions('inbound_group', groups),
        ...revisions('inbound_schedule', schedules),
        ...numbers.map((n) => ({ type: 'number', id: n.e164, revision: n.revision })),
      ],
      unreadable,
    };
  }

  private open(rows: readonly CredentialRow[]): OpenedCredentials {
    const opened: OpenedCredentials = { byTrunk: new Map(), unreadable: [] };
    for (const row of rows) {
      const ha1s = this.ha1sOf(row);
      const users = ha1s?.map((ha1Md5) => ({ username: row.username, ha1Md5 }));
      if (users) opened.byTrunk.set(row.trunkId, [...(opened.byTrunk.get(row.trunkId) ?? []), ...users]);
      else opened.unreadable.push(row.username);
    }
    return opened;
  }

  private openShared(rows: readonly SharedCredentialRow[]): { credentials: SharedCredentialIntent[]; unreadable: string[] } {
    const opened = rows.map((row) => ({ username: row.username, trunks: row.trunks, ha1Md5: this.ha1sOf(row) }));
    return {
      credentials: opened.flatMap(({ username, trunks, ha1Md5 }) => (ha1Md5 ? [{ username, trunks, ha1Md5 }] : [])),
      unreadable: opened.filter((c) => !c.ha1Md5).map((c) => c.username),
    };
  }

  private openRegistrars(rows: readonly RegistrarRow[]): OpenedRegistrars {
    const opened: OpenedRegistrars = { byTrunk: new Map(), unreadable: [] };
    for (const { trunkId, ha1Md5Sealed, ...registrar } of rows) {
      try {
        opened.byTrunk.set(trunkId, { ...registrar, ha1Md5: this.sealer.open(ha1Md5Sealed, registrarContext(trunkId)) });
      } catch (err) {
        this.log.error({ trunkId, err }, 'registrar cannot be opened: the edges keep what they have of it');
        opened.unreadable.push(registrarKey(trunkId));
      }
    }
    return opened;
  }

  /** Of both passwords while there are two, the newer last, as the edge expects. Undefined when they cannot be opened. */
  private ha1sOf({ id, ha1Md5Sealed, oldHa1Md5Sealed }: Omit<CredentialRow, 'trunkId'>): string[] | undefined {
    try {
      const sealed = oldHa1Md5Sealed === null ? [ha1Md5Sealed] : [oldHa1Md5Sealed, ha1Md5Sealed];
      return sealed.map((ha1) => this.sealer.open(ha1, ha1Context(id)));
    } catch (err) {
      this.log.error({ credentialId: id, err }, 'credential cannot be opened: the edges keep what they have of it');
      return undefined;
    }
  }
}

type OpenedCredentials = { readonly byTrunk: Map<string, TrunkIntent['credentials']>; readonly unreadable: string[] };
type OpenedRegistrars = { readonly byTrunk: Map<string, RegistrarIntent>; readonly unreadable: string[] };

const groupIntent = ({ id, tenantId, ringAll, targets }: GroupRow): InboundGroupIntent => ({ id, tenantId, ringAll, targets });

const tenantIntent = ({
  id,
  channelsMax,
  holds,
  verified,
  edgeName,
  sipAddress,
  homeMovedAtSecs,
  disasterGroupId,
}: TenantRow): TenantIntent => ({
  disasterGroupId,
  homeMovedAtSecs,
  id,
  channelsMax,
  holds,
  verified,
  homeEdge: edgeName !== null && sipAddress !== null ? { name: edgeName, sipAddress } : null,
});

const trunkIntents = (rows: readonly TrunkRow[], opened: OpenedCredentials, registrars: OpenedRegistrars): TrunkIntent[] =>
  rows.map((row) => ({ ...row, credentials: opened.byTrunk.get(row.id) ?? [], registrar: registrars.byTrunk.get(row.id) ?? null }));

const revisions = (type: string, rows: readonly { id: string; revision: number }[]): Revision[] =>
  rows.map(({ id, revision }) => ({ type, id, revision }));

const keysOf = (resources: Resources, credentials: readonly { readonly username: string }[], unreadable: readonly string[]): EntryKey[] => [
  ...resources.tenants.map((key): EntryKey => ({ kind: 'tenant', key })),
  ...resources.trunks.flatMap((key): EntryKey[] => [
    { kind: 'trunk', key },
    { kind: 'presence', key },
    ...(unreadable.includes(registrarKey(key)) ? [] : [{ kind: 'credential' as const, key: registrarKey(key) }]),
  ]),
  ...resources.verified.map((key): EntryKey => ({ kind: 'verified', key })),
  ...resources.channelPools.map((key): EntryKey => ({ kind: 'channel_pool', key })),
  ...resources.channelGroups.map((key): EntryKey => ({ kind: 'channel_group', key })),
  ...credentials.filter((c) => !unreadable.includes(c.username)).map((c): EntryKey => ({ kind: 'credential', key: c.username })),
  ...resources.inboundGroups.map((key): EntryKey => ({ kind: 'inbound_group', key })),
  ...resources.inboundSchedules.map((key): EntryKey => ({ kind: 'schedule', key })),
  ...resources.numbers.map((e164): EntryKey => ({ kind: 'number', key: e164.slice(1) })),
];

const readAllowList = async (tx: Tx): Promise<string[]> => (await tx.query(statements.allowList)).map((a) => a.network);

/** `all`: also the routes, and every country that has a trunk, so that its emergency numbers are known even where no route serves them. */
const readCarriers = async (tx: Tx, all: boolean): Promise<Pick<Intent, 'gateways' | 'routes' | 'emergencyRoutes'>> => {
  const gateways = await tx.query(statements.gateways);
  const emergencyRoutes = await tx.query(statements.emergencyRoutes);
  if (!all) return { gateways, routes: [], emergencyRoutes };
  const routed = new Set(emergencyRoutes.map((r) => r.country));
  const unrouted = (await tx.query(statements.trunkCountries)).filter(({ country }) => !routed.has(country));
  return {
    gateways,
    routes: await tx.query(statements.routes),
    emergencyRoutes: [...emergencyRoutes, ...unrouted.map(({ country }) => ({ country, gateways: [] }))],
  };
};
