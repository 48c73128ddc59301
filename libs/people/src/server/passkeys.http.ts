import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LoggedInOnly, Person, Problems, Returns, idIn } from '@trunkline/platform';
import type { z } from 'zod';
import type { Self } from './confirm-self.ts';
import { addedPasskey, creationOptions, newPasskey, passkeyPage, passkeyRemoval, passkeyToWire } from './passkeys.schema.ts';
import { ACCEPTED, accepted, confirmation } from './people.schema.ts';
import { SetUpPasskeys } from './set-up-passkeys.ts';

@ApiTags('People')
@Controller('v1/me/passkeys')
export class PasskeysController {
  constructor(private readonly passkeys: SetUpPasskeys) {}

  @Get()
  @LoggedInOnly()
  @ApiOperation({ operationId: 'listPasskeys', summary: 'List your passkeys' })
  @Returns(200, passkeyPage, 'All of them, the oldest first')
  @Problems(403)
  async list(@Person() self: Self) {
    return { data: (await this.passkeys.list(self)).map(passkeyToWire), next_cursor: null };
  }

  @Post()
  @LoggedInOnly()
  @ApiOperation({ operationId: 'beginPasskey', summary: 'Get what your browser makes a passkey by (WebAuthn)' })
  @Returns(201, creationOptions, 'For the browser')
  @Problems(400, 403, 409)
  async begin(@Person() self: Self, @Body({ schema: confirmation }) { password }: z.infer<typeof confirmation>) {
    return { object: 'passkey_creation' as const, public_key: await this.passkeys.begin(self, password) };
  }

  @Post('confirm')
  @LoggedInOnly()
  @ApiOperation({
    operationId: 'confirmPasskey',
    summary: 'Keep the passkey that your browser made: from now on logging in takes a second factor',
  })
  @Returns(201, addedPasskey, 'The passkey, and codes for when it is lost')
  @Problems(400, 403, 409)
  async confirm(@Person() self: Self, @Body({ schema: newPasskey }) { name, credential }: z.infer<typeof newPasskey>) {
    const { passkey, recoveryCodes } = await this.passkeys.finish(self, name, credential);
    return { object: 'added_passkey' as const, passkey: passkeyToWire(passkey), recovery_codes: recoveryCodes && [...recoveryCodes] };
  }

  @Post(':id/remove')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'removePasskey', summary: 'Take one of your passkeys away' })
  @Returns(200, accepted, 'It lets nobody in any more')
  @Problems(400, 403, 404)
  async remove(
    @Person() self: Self,
    @Param('id', { schema: idIn('passkey') }) id: string,
    @Body({ schema: passkeyRemoval }) { password }: z.infer<typeof passkeyRemoval>,
  ) {
    await this.passkeys.remove(self, id, password);
    return ACCEPTED;
  }
}
