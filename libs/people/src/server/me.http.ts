import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LoggedInOnly, Person, Problems, Returns } from '@trunkline/platform';
import type { z } from 'zod';
import { ChangePassword } from './change-password.ts';
import type { Self } from './confirm-self.ts';
import { PeopleQueries } from './people-queries.ts';
import {
  ACCEPTED,
  accepted,
  accountToWire,
  confirmation,
  passwordChange,
  personOut,
  recoveryCodes,
  totpCode,
  totpEnd,
  totpKey,
} from './people.schema.ts';
import { RenewRecoveryCodes } from './recovery-codes.ts';
import { SetUpTotp } from './set-up-totp.ts';

/** What belongs to whoever is logged in. */
@ApiTags('People')
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly password: ChangePassword,
    private readonly totp: SetUpTotp,
    private readonly recovery: RenewRecoveryCodes,
    private readonly queries: PeopleQueries,
  ) {}

  @Get()
  @LoggedInOnly()
  @ApiOperation({ operationId: 'getMe', summary: 'Get who you are and where you may act' })
  @Returns(200, personOut, 'You')
  @Problems(403)
  async get(@Person() self: Self) {
    return accountToWire(await this.queries.account(self));
  }

  @Post('password')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'changePassword', summary: 'Change your password; your other sessions end' })
  @Returns(200, accepted, 'Changed')
  @Problems(400, 403)
  async change(@Person() self: Self, @Body({ schema: passwordChange }) body: z.infer<typeof passwordChange>) {
    await this.password.execute(self, body.current_password, body.new_password);
    return ACCEPTED;
  }

  @Post('totp')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'beginTotp', summary: 'Get a key for an authenticator app (RFC 6238)' })
  @Returns(201, totpKey, 'The key. It counts from its first code on')
  @Problems(400, 403, 409)
  async begin(@Person() self: Self, @Body({ schema: confirmation }) body: z.infer<typeof confirmation>) {
    return { object: 'totp_key' as const, ...(await this.totp.begin(self, body.password)) };
  }

  @Post('totp/confirm')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'confirmTotp', summary: 'Show that the app has the key: from now on logging in takes a code' })
  @Returns(200, recoveryCodes, 'Codes for when the app is lost')
  @Problems(400, 403, 409)
  async confirm(@Person() self: Self, @Body({ schema: totpCode }) body: z.infer<typeof totpCode>) {
    return { object: 'recovery_codes' as const, codes: [...(await this.totp.finish(self, body.code))] };
  }

  @Post('totp/disable')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'disableTotp', summary: 'Log in without the app again' })
  @Returns(200, accepted, 'No code is asked for any more')
  @Problems(400, 403, 409)
  async disable(@Person() self: Self, @Body({ schema: totpEnd }) body: z.infer<typeof totpEnd>) {
    await this.totp.end(self, body.password, { code: body.code, recoveryCode: body.recovery_code });
    return ACCEPTED;
  }

  @Post('recovery-codes')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'renewRecoveryCodes', summary: 'Get new recovery codes; the ones before count no more' })
  @Returns(200, recoveryCodes, 'Codes for when the second factor is lost')
  @Problems(400, 403, 409)
  async renew(@Person() self: Self, @Body({ schema: confirmation }) body: z.infer<typeof confirmation>) {
    return { object: 'recovery_codes' as const, codes: [...(await this.recovery.execute(self, body.password))] };
  }
}
