import { Module } from '@nestjs/common';
import { CreateCredential } from './create-credential.ts';
import { CreateTrunk } from './create-trunk.ts';
import { CredentialQueries } from './credential-queries.ts';
import { CredentialsController } from './credentials.http.ts';
import { DeleteTrunk } from './delete-trunk.ts';
import { RevokeCredential } from './revoke-credential.ts';
import { RotateCredential } from './rotate-credential.ts';
import { TrunkQueries } from './trunk-queries.ts';
import { TrunksController } from './trunks.http.ts';
import { UpdateTrunk } from './update-trunk.ts';

const useCases = [
  CreateCredential,
  CreateTrunk,
  CredentialQueries,
  DeleteTrunk,
  RevokeCredential,
  RotateCredential,
  TrunkQueries,
  UpdateTrunk,
];

/** Needs, from the application: SIP_REALM, a ProvisioningView and a TargetHealthView. */
@Module({
  controllers: [TrunksController, CredentialsController],
  providers: useCases,
  exports: useCases,
})
export class TrunksModule {}
