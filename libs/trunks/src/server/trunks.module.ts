import { Module } from '@nestjs/common';
import { ChangeCredentialList } from './change-credential-list.ts';
import { ChangeIpList } from './change-ip-list.ts';
import { CreateCredential } from './create-credential.ts';
import { CreateTestCall } from './create-test-call.ts';
import { CreateTrunk } from './create-trunk.ts';
import { CredentialListsController, ListCredentialsController } from './credential-lists.http.ts';
import { CredentialQueries } from './credential-queries.ts';
import { CredentialsController } from './credentials.http.ts';
import { DeleteTrunk } from './delete-trunk.ts';
import { IpListsController } from './ip-lists.http.ts';
import { ListQueries } from './list-queries.ts';
import { OnboardingController } from './onboarding.http.ts';
import { RegistrarController } from './registrar.http.ts';
import { RegistrarQueries } from './registrar-queries.ts';
import { RemoveRegistrar } from './remove-registrar.ts';
import { RevokeCredential } from './revoke-credential.ts';
import { RotateCredential } from './rotate-credential.ts';
import { SetRegistrar } from './set-registrar.ts';
import { SheetQueries } from './sheet-queries.ts';
import { TestCallQueries } from './test-call-queries.ts';
import { TestCallsController } from './test-calls.http.ts';
import { TrunkQueries } from './trunk-queries.ts';
import { TrunksController } from './trunks.http.ts';
import { UpdateTrunk } from './update-trunk.ts';

const useCases = [
  ChangeCredentialList,
  ChangeIpList,
  CreateCredential,
  CreateTestCall,
  CreateTrunk,
  CredentialQueries,
  DeleteTrunk,
  ListQueries,
  RegistrarQueries,
  RemoveRegistrar,
  RevokeCredential,
  RotateCredential,
  SetRegistrar,
  SheetQueries,
  TestCallQueries,
  TrunkQueries,
  UpdateTrunk,
];

/** Needs, from the application: SIP_REALM, a ProvisioningView, a RegistrationView and a TargetHealthView. */
@Module({
  controllers: [
    TrunksController,
    CredentialsController,
    IpListsController,
    OnboardingController,
    RegistrarController,
    TestCallsController,
    CredentialListsController,
    ListCredentialsController,
  ],
  providers: useCases,
  exports: useCases,
})
export class TrunksModule {}
