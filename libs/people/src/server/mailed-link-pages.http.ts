import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@trunkline/platform';
import type { FastifyReply } from 'fastify';
import { MAILED_LINK_HEADERS, acceptInvitationPage, confirmSignUpPage, resetPasswordPage } from './mailed-link-page.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';

/** Where the links in mails lead. The token is behind the #: these pages are the same for everybody. */
@ApiExcludeController()
@Public()
@Controller()
export class MailedLinkPages {
  constructor(@Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig) {}

  @Get('confirm-sign-up')
  confirmSignUp(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.headers(MAILED_LINK_HEADERS);
    return confirmSignUpPage(this.config.signUp === 'approval');
  }

  @Get('accept-invitation')
  acceptInvitation(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.headers(MAILED_LINK_HEADERS);
    return acceptInvitationPage();
  }

  @Get('reset-password')
  resetPassword(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.headers(MAILED_LINK_HEADERS);
    return resetPasswordPage();
  }
}
