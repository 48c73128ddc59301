import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { Clock } from '@trunkline/kernel';
import { BillingModule, billingConfig } from '@trunkline/billing/server';
import { CarriersModule } from '@trunkline/carriers/server';
import { CdrModule } from '@trunkline/cdr/server';
import { EdgeModule } from '@trunkline/edge/server';
import { LedgerModule } from '@trunkline/ledger/server';
import { NumbersModule } from '@trunkline/numbers/server';
import { HttpModule, PlatformModule } from '@trunkline/platform';
import { RatingModule } from '@trunkline/rating/server';
import { TenancyModule } from '@trunkline/tenancy/server';
import { SIP_REALM, TrunksModule } from '@trunkline/trunks/server';
import { WebhooksModule } from '@trunkline/webhooks/server';
import type { ApiConfig } from './config.ts';
import { ErrorsController } from './errors.http.ts';

@Global()
@Module({})
class SettingsModule {
  static of(config: ApiConfig): DynamicModule {
    return { module: SettingsModule, providers: [{ provide: SIP_REALM, useValue: config.SIP_REALM }], exports: [SIP_REALM] };
  }
}

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
      imports: [
        platform,
        HttpModule,
        SettingsModule.of(config),
        TenancyModule,
        RatingModule,
        LedgerModule,
        CarriersModule,
        TrunksModule,
        NumbersModule,
        CdrModule.of({ keptMonths: config.CALLS_KEPT_MONTHS }),
        WebhooksModule.of({ allowPrivate: config.ALLOW_PRIVATE_WEBHOOKS }),
        EdgeModule,
        billing,
      ],
    };
  }
}
