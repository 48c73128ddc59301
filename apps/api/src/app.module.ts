import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Clock } from '@trunkline/kernel';
import {
  BillingEventsGraphql,
  BillingGraphql,
  BillingModule,
  PaymentsGraphql,
  RefundsGraphql,
  billingConfig,
} from '@trunkline/billing/server';
import { CarriersGraphql, CarriersModule, NumberSupplyModule } from '@trunkline/carriers/server';
import { CallEventsGraphql, CallFilesGraphql, CdrGraphql, CdrIssuesGraphql, CdrModule } from '@trunkline/cdr/server';
import { ChannelGroupsGraphql, ChannelSettingsGraphql, ChannelsGraphql, ChannelsModule } from '@trunkline/channels/server';
import { CallSimulationGraphql, EdgeGraphql, EdgeModule, EdgePolicyGraphql } from '@trunkline/edge/server';
import { EmergencyGraphql, EmergencyModule } from '@trunkline/emergency/server';
import { IdentityModule, VerifiedNumbersGraphql } from '@trunkline/identity/server';
import { LedgerGraphql, LedgerModule } from '@trunkline/ledger/server';
import { InboundGroupsGraphql, InboundRoutingModule, InboundSchedulesGraphql, NumberRoutingGraphql } from '@trunkline/numbers/server';
import {
  InventoryGraphql,
  NumberChangesGraphql,
  NumberEventsGraphql,
  NumberOrdersGraphql,
  NumberWorkGraphql,
  NumbersGraphql,
  NumbersModule,
} from '@trunkline/numbers/server';
import { PeopleChangesGraphql, PeopleGraphql, PeopleModule, mailConfig, peopleConfig } from '@trunkline/people/server';
import { AuditGraphql, DocumentsModule, GraphqlModule, HttpModule, PlatformModule } from '@trunkline/platform';
import { PortOutsGraphql, PortPapersModule, PortingGraphql, PortingModule } from '@trunkline/porting/server';
import { RatingGraphql, RatingModule } from '@trunkline/rating/server';
import { RegulatoryModule } from '@trunkline/regulatory/server';
import { ApiKeysGraphql, HoldsGraphql, KycModule, TenancyGraphql, TenancyModule } from '@trunkline/tenancy/server';
import {
  CredentialChangesGraphql,
  CredentialListsGraphql,
  IpListsGraphql,
  OnboardingGraphql,
  RegistrarGraphql,
  TestCallsGraphql,
  SIP_REALM,
  TrunkChangesGraphql,
  TrunkEventsGraphql,
  TrunksGraphql,
  TrunksModule,
} from '@trunkline/trunks/server';
import { WebhookChangesGraphql, WebhooksGraphql, WebhooksModule } from '@trunkline/webhooks/server';
import { CallTrunkGraphql } from './call-trunk.graphql.ts';
import type { ApiConfig } from './config.ts';
import { ErrorsController } from './errors.http.ts';

@Global()
@Module({})
class SettingsModule {
  static of(config: ApiConfig): DynamicModule {
    return { module: SettingsModule, providers: [{ provide: SIP_REALM, useValue: config.SIP_REALM }], exports: [SIP_REALM] };
  }
}

/** Each domain's share of the GraphQL schema. */
const GRAPH_PARTS = [
  ...[AuditGraphql, TenancyGraphql, HoldsGraphql, ApiKeysGraphql, CarriersGraphql, RatingGraphql, LedgerGraphql],
  ...[PeopleGraphql, PeopleChangesGraphql],
  ...[
    TrunksGraphql,
    TrunkChangesGraphql,
    TrunkEventsGraphql,
    CredentialChangesGraphql,
    CredentialListsGraphql,
    IpListsGraphql,
    OnboardingGraphql,
    RegistrarGraphql,
    TestCallsGraphql,
    CdrGraphql,
    CallEventsGraphql,
    CallFilesGraphql,
    CdrIssuesGraphql,
    CallTrunkGraphql,
  ],
  ...[NumbersGraphql, NumberChangesGraphql, NumberEventsGraphql, NumberOrdersGraphql, NumberWorkGraphql],
  ...[InboundGroupsGraphql, InboundSchedulesGraphql, NumberRoutingGraphql, CallSimulationGraphql],
  ...[InventoryGraphql, EdgeGraphql, EdgePolicyGraphql],
  ...[ChannelsGraphql, ChannelGroupsGraphql, ChannelSettingsGraphql],
  ...[VerifiedNumbersGraphql, EmergencyGraphql],
  PortOutsGraphql,
  PortingGraphql,
  ...[BillingGraphql, BillingEventsGraphql, PaymentsGraphql, RefundsGraphql, WebhooksGraphql, WebhookChangesGraphql],
];

/** What the API process is made of. A composition root: no logic. */
@Module({})
export class AppModule {
  static of(config: ApiConfig, clock?: Clock): DynamicModule {
    const platform = PlatformModule.of({
      service: 'api',
      logLevel: config.LOG_LEVEL,
      database: { appUrl: config.DATABASE_URL, systemUrl: config.SYSTEM_DATABASE_URL, poolMax: config.DATABASE_POOL_MAX },
      jobs: { databaseUrl: config.SYSTEM_DATABASE_URL, work: false },
      encryptionKey: config.ENCRYPTION_KEY,
      clock,
      drainMs: config.API_DRAIN_MS,
    });
    const billing = BillingModule.of(billingConfig(config));
    return {
      module: AppModule,
      controllers: [ErrorsController],
      providers: GRAPH_PARTS,
      imports: [
        platform,
        HttpModule.of({ tenantPerSec: config.TENANT_REQUESTS_PER_SEC, operatorKeyPerSec: config.OPERATOR_KEY_REQUESTS_PER_SEC }),
        GraphqlModule.of({ introspection: config.GRAPHQL_INTROSPECTION, trustedProxies: config.TRUSTED_PROXIES }),
        SettingsModule.of(config),
        TenancyModule,
        DocumentsModule.of(config),
        KycModule,
        PeopleModule.of(peopleConfig(config), mailConfig(config)),
        RatingModule,
        RegulatoryModule,
        LedgerModule,
        CarriersModule,
        NumberSupplyModule.of(config),
        TrunksModule,
        NumbersModule,
        ChannelsModule,
        InboundRoutingModule,
        CdrModule.of({ keptMonths: config.CALLS_KEPT_MONTHS }),
        WebhooksModule.of({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
        EdgeModule,
        IdentityModule,
        EmergencyModule,
        PortingModule,
        PortPapersModule.of({ gainingCarrier: config.OPERATOR_NAME, publicUrl: peopleConfig(config).publicUrl }),
        billing,
      ],
    };
  }
}
