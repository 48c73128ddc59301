import { Global, Module } from '@nestjs/common';
import { Authenticator } from '@trunkline/platform';
import { ApiKeyQueries } from './api-key-queries.ts';
import { ApiKeysController } from './api-keys.http.ts';
import { KeyAuthenticator } from './authenticate.ts';
import { BootstrapOperator } from './bootstrap-operator.ts';
import { CreateApiKey } from './create-api-key.ts';
import { CreateOperatorKey } from './create-operator-key.ts';
import { CreateTenant } from './create-tenant.ts';
import { KeyUse } from './key-use.ts';
import { LiftHold } from './lift-hold.ts';
import { OperatorKeyQueries } from './operator-key-queries.ts';
import { OperatorKeysController } from './operator-keys.http.ts';
import { PlaceHold } from './place-hold.ts';
import { RevokeApiKey } from './revoke-api-key.ts';
import { RevokeOperatorKey } from './revoke-operator-key.ts';
import { RotateApiKey } from './rotate-api-key.ts';
import { RotateOperatorKey } from './rotate-operator-key.ts';
import { TenantQueries } from './tenant-queries.ts';
import { OwnTenantController, TenantsController } from './tenants.http.ts';
import { UpdateApiKey } from './update-api-key.ts';
import { UpdateTenant } from './update-tenant.ts';

const providers = [
  ApiKeyQueries,
  BootstrapOperator,
  CreateApiKey,
  CreateOperatorKey,
  CreateTenant,
  KeyUse,
  LiftHold,
  OperatorKeyQueries,
  PlaceHold,
  RevokeApiKey,
  RevokeOperatorKey,
  RotateApiKey,
  RotateOperatorKey,
  TenantQueries,
  UpdateApiKey,
  UpdateTenant,
  { provide: Authenticator, useClass: KeyAuthenticator },
];

@Global()
@Module({ controllers: [TenantsController, OwnTenantController, ApiKeysController, OperatorKeysController], providers, exports: providers })
export class TenancyModule {}
