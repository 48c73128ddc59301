import { Module } from '@nestjs/common';
import { CallerNameProvider, CallerNameProviderEmulator } from './caller-name-provider.ts';
import { CallerNames } from './caller-names.ts';
import { CallerNamesController } from './caller-names.http.ts';
import { CodeSender, CodeSenderEmulator } from './code-sender.ts';
import { Codes } from './codes.ts';
import { ConfirmCode } from './confirm-code.ts';
import { MoveCallerName } from './move-caller-name.ts';
import { ReviewVerification } from './review-verification.ts';
import { RevokeVerification } from './revoke-verification.ts';
import { SendCode } from './send-code.ts';
import { StartVerification } from './start-verification.ts';
import { SweepCallerNames } from './sweep-caller-names.ts';
import { UnsentCodesController } from './unsent-codes.http.ts';
import { VerificationExpiry } from './verification-expiry.jobs.ts';
import { VerifiedNumberQueries } from './verified-number-queries.ts';
import { VerificationReviewsController, VerifiedNumbersController } from './verified-numbers.http.ts';

const sender = { provide: CodeSender, useClass: CodeSenderEmulator };
const useCases = [CallerNames, ConfirmCode, ReviewVerification, RevokeVerification, StartVerification, VerifiedNumberQueries];

@Module({
  controllers: [VerifiedNumbersController, VerificationReviewsController, UnsentCodesController, CallerNamesController],
  providers: [Codes, sender, ...useCases],
  exports: useCases,
})
export class IdentityModule {}

/** What sends codes, ends proofs by the clock, and takes names to their provider. */
@Module({
  providers: [
    ...[Codes, sender, ReviewVerification, SendCode, VerificationExpiry, MoveCallerName, SweepCallerNames],
    { provide: CallerNameProvider, useClass: CallerNameProviderEmulator },
  ],
})
export class IdentityJobsModule {}
