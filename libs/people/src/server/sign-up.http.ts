import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import { PLATFORM_TENANT_ID, Problems, Public, Returns } from '@trunkline/platform';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { callerOf } from './caller.ts';
import { InviteMember } from './invite-member.ts';
import { ACCEPTED, accepted, followedLink, joined, newSignUp, passwordReset, passwordResetRequest, signedUp } from './people.schema.ts';
import { ResetPassword } from './reset-password.ts';
import { SignUp } from './sign-up.ts';

/** What people do before they can log in; each ends with a link that was mailed. Answers do not tell whether an address is known. */
@ApiTags('People')
@Controller('v1')
export class SignUpController {
  constructor(
    private readonly signUp: SignUp,
    private readonly inviting: InviteMember,
    private readonly resets: ResetPassword,
  ) {}

  @Post('sign-ups')
  @Public()
  @ApiOperation({ operationId: 'signUp', summary: 'Ask for a tenant; a link is mailed' })
  @Returns(202, accepted, 'A link is on its way')
  @Problems(400, 403)
  async request(@Req() request: FastifyRequest, @Body({ schema: newSignUp }) body: z.infer<typeof newSignUp>) {
    await this.signUp.request(camelKeys(body), callerOf(request));
    return ACCEPTED;
  }

  @Post('sign-ups/confirm')
  @Public()
  @ApiOperation({ operationId: 'confirmSignUp', summary: 'Make the tenant that a mailed link is about, and its owner' })
  @Returns(201, signedUp, 'The tenant is made')
  @Problems(400, 403, 404)
  async confirm(@Req() request: FastifyRequest, @Body({ schema: followedLink }) body: z.infer<typeof followedLink>) {
    const { tenantId, isHeld } = await this.signUp.confirm(body, callerOf(request));
    return { object: 'sign_up' as const, tenant_id: toPublicId('tenant', tenantId), held: isHeld };
  }

  @Post('invitations/accept')
  @Public()
  @ApiOperation({ operationId: 'acceptInvitation', summary: 'Take the place that a mailed link offers' })
  @Returns(201, joined, 'The place is taken')
  @Problems(400, 404, 409)
  async accept(@Req() request: FastifyRequest, @Body({ schema: followedLink }) body: z.infer<typeof followedLink>) {
    const { tenantId, role } = await this.inviting.accept(body, callerOf(request));
    return { object: 'joined' as const, tenant_id: tenantId === PLATFORM_TENANT_ID ? null : toPublicId('tenant', tenantId), role };
  }

  @Post('password-resets')
  @Public()
  @ApiOperation({ operationId: 'requestPasswordReset', summary: 'Ask for a new password; a link is mailed to whoever has an account' })
  @Returns(202, accepted, 'A link is on its way, if there is such an account')
  @Problems(400, 403)
  async forgot(@Req() request: FastifyRequest, @Body({ schema: passwordResetRequest }) body: z.infer<typeof passwordResetRequest>) {
    await this.resets.request(body.email, callerOf(request));
    return ACCEPTED;
  }

  @Post('password-resets/confirm')
  @Public()
  @ApiOperation({ operationId: 'resetPassword', summary: 'Choose a new password by a mailed link; every session ends' })
  @Returns(200, accepted, 'The password is changed')
  @Problems(400, 404)
  async reset(@Req() request: FastifyRequest, @Body({ schema: passwordReset }) body: z.infer<typeof passwordReset>) {
    await this.resets.finish(body.token, body.password, callerOf(request));
    return ACCEPTED;
  }
}
