import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { SessionDoor } from '@trunkline/platform';
import { ChangeMember } from './change-member.ts';
import { ChangePassword } from './change-password.ts';
import { ConfirmSelf } from './confirm-self.ts';
import { CountGuess } from './count-guess.ts';
import { EndSession } from './end-session.ts';
import { InviteMember } from './invite-member.ts';
import { IdentityProvider } from './identity-provider.ts';
import { LogIn } from './log-in.ts';
import { MailLoop } from './mail-loop.ts';
import { MailOutboxController } from './mail-outbox.http.ts';
import { MailedLinkPages } from './mailed-link-pages.http.ts';
import { MeController } from './me.http.ts';
import { MembersController } from './members.http.ts';
import { OpenDoor } from './open-door.ts';
import { OperatorMembersController } from './operator-members.http.ts';
import { MAIL_CONFIG, PEOPLE_CONFIG } from './people-config.ts';
import type { MailConfig, PeopleConfig } from './people-config.ts';
import { PasskeysController } from './passkeys.http.ts';
import { PeopleQueries } from './people-queries.ts';
import { EndpointDisabledProcessor, PruneProcessor } from './people.jobs.ts';
import { PostMail } from './post-mail.ts';
import { RenewRecoveryCodes } from './recovery-codes.ts';
import { ResetPassword } from './reset-password.ts';
import { ResetSecondFactor } from './reset-second-factor.ts';
import { SecondFactor } from './second-factor.ts';
import { SendMails } from './send-mails.ts';
import { SessionsController } from './sessions.http.ts';
import { SetSsoConnection } from './set-sso-connection.ts';
import { SetUpPasskeys } from './set-up-passkeys.ts';
import { SetUpTotp } from './set-up-totp.ts';
import { SignUpController } from './sign-up.http.ts';
import { SignUp } from './sign-up.ts';
import { Smtp } from './smtp.ts';
import { SsoLogIn } from './sso-log-in.ts';
import { SsoConnectionController, SsoController } from './sso.http.ts';
import { TellOfEndpoint } from './tell-of-endpoint.ts';
import { WebAuthn } from './web-authn.ts';

const USE_CASES = [
  ChangeMember,
  ChangePassword,
  ConfirmSelf,
  CountGuess,
  EndSession,
  IdentityProvider,
  InviteMember,
  LogIn,
  PeopleQueries,
  PostMail,
  RenewRecoveryCodes,
  ResetPassword,
  ResetSecondFactor,
  SecondFactor,
  SetSsoConnection,
  SetUpPasskeys,
  SetUpTotp,
  SignUp,
  Smtp,
  SsoLogIn,
  WebAuthn,
];
const CONTROLLERS = [
  SignUpController,
  SessionsController,
  MeController,
  PasskeysController,
  MembersController,
  OperatorMembersController,
  SsoConnectionController,
  SsoController,
  MailedLinkPages,
  MailOutboxController,
];

/** People as the API knows them; global, because the guard of every route asks it who is logged in. */
@Global()
@Module({})
export class PeopleModule {
  static of(config: PeopleConfig, mail: MailConfig): DynamicModule {
    return {
      module: PeopleModule,
      controllers: CONTROLLERS,
      providers: [
        { provide: PEOPLE_CONFIG, useValue: config },
        { provide: MAIL_CONFIG, useValue: mail },
        { provide: SessionDoor, useClass: OpenDoor },
        ...USE_CASES,
      ],
      exports: [SessionDoor, ...USE_CASES],
    };
  }
}

/** What sends mails and tidies up. `loop`: whether it does so by itself, or only when told. */
@Module({})
export class PeopleWorkerModule {
  static of(mail: MailConfig, loop: boolean): DynamicModule {
    return {
      module: PeopleWorkerModule,
      providers: [
        { provide: MAIL_CONFIG, useValue: mail },
        ...[CountGuess, EndSession, PostMail, SendMails, Smtp, TellOfEndpoint],
        ...(loop ? [EndpointDisabledProcessor, MailLoop, PruneProcessor] : []),
      ],
      exports: [SendMails, TellOfEndpoint],
    };
  }
}
