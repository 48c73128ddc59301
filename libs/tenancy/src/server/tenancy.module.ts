import { Global, Module } from '@nestjs/common';
import { Authenticator } from '@trunkline/platform';
import { ApiKeyQueries } from './api-key-queries.ts';
import { ApiKeysController } from './api-keys.http.ts';
import { KeyAuthenticator } from './authenticate.ts';
import { BootstrapOperator } from './bootstrap-operator.ts';
import { CreateApiKey } from './create-api-key.ts';
import { CreateTenant } from './create-tenant.ts';
import { LiftHold } from './lift-hold.ts';
import { PlaceHold } from './place-hold.ts';
import { RevokeApiKey } from './revoke-api-key.ts';
import { TenantQueries } from './tenant-queries.ts';
import { OwnTenantController, TenantsController } from './tenants.http.ts';
import { UpdateTenant } from './update-tenant.ts';

const providers = [
  ApiKeyQueries,
  BootstrapOperator,
  CreateApiKey,
  CreateTenant,
  LiftHold,
  PlaceHold,
  RevokeApiKey,
  TenantQueries,
  UpdateTenant,
  { provide: Authenticator, useClass: KeyAuthenticator },
];

@Global()
@Module({ controllers: [TenantsController, OwnTenantController, ApiKeysController], providers, exports: providers })
export class TenancyModule {}
