import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LoggedInOnly, Person, Problems, Public, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf } from './caller.ts';
import type { Self } from './confirm-self.ts';
import { EndSession } from './end-session.ts';
import { LogIn } from './log-in.ts';
import { PEOPLE_CONFIG } from './people-config.ts';
import type { PeopleConfig } from './people-config.ts';
import { PeopleQueries } from './people-queries.ts';
import { challengeOut } from './passkeys.schema.ts';
import {
  ACCEPTED,
  accepted,
  credentials,
  knownPerson,
  revokedSessions,
  revokedToWire,
  sessionOut,
  sessionToWire,
} from './people.schema.ts';
import { noSessionCookie, sessionCookie } from './session-cookie.ts';

const page = z.strictObject(pageQuery);

@ApiTags('People')
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly logIn: LogIn,
    private readonly end: EndSession,
    private readonly queries: PeopleQueries,
    @Inject(PEOPLE_CONFIG) private readonly config: PeopleConfig,
  ) {}

  @Post()
  @Public()
  @ApiOperation({ operationId: 'logIn', summary: 'Log in: the answer sets the cookie of a session' })
  @Returns(201, sessionOut, 'Logged in')
  @Problems(400, 403)
  async post(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: credentials }) { recovery_code: recoveryCode, ...given }: z.infer<typeof credentials>,
  ) {
    const { session, token } = await this.logIn.execute({ ...given, recoveryCode }, callerOf(request));
    void reply.header('set-cookie', sessionCookie(this.config.publicUrl, token)).header('cache-control', 'no-store');
    return sessionToWire({ ...session, isCurrent: true });
  }

  @Post('passkey-challenges')
  @Public()
  @ApiOperation({ operationId: 'challengePasskey', summary: 'Get what a passkey is to sign, to log in with it beside the password' })
  @Returns(201, challengeOut, 'For the browser')
  @Problems(400, 409)
  async challenge(@Req() request: FastifyRequest, @Body({ schema: knownPerson }) body: z.infer<typeof knownPerson>) {
    return { object: 'passkey_challenge' as const, public_key: await this.logIn.challenge(body, callerOf(request)) };
  }

  @Get()
  @LoggedInOnly()
  @ApiOperation({ operationId: 'listSessions', summary: 'List where you are logged in' })
  @Returns(200, pageOut(sessionOut, 'SessionPage'), 'A page, the newest first')
  @Problems(400, 403)
  async list(@Person() self: Self, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.sessions(self, query);
    return { data: data.map(sessionToWire), next_cursor: nextCursor };
  }

  @Post('revoke-others')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'revokeOtherSessions', summary: 'End all of your sessions but this one' })
  @Returns(200, revokedSessions, 'They are over')
  @Problems(403)
  async revokeOthers(@Person() self: Self) {
    return revokedToWire(await this.end.others(self));
  }

  @Post(':id/revoke')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'revokeSession', summary: 'End one of your sessions' })
  @Returns(200, accepted, 'It is over')
  @Problems(403, 404)
  async revoke(@Person() self: Self, @Param('id', { schema: idIn('personSession') }) id: string) {
    await this.end.execute(self, id);
    return ACCEPTED;
  }

  @Post('log-out')
  @LoggedInOnly()
  @ApiOperation({ operationId: 'logOut', summary: 'End this session' })
  @Returns(200, accepted, 'Logged out')
  @Problems(403)
  async logOut(@Person() self: Self, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.end.execute(self, self.sessionId);
    void reply.header('set-cookie', noSessionCookie(this.config.publicUrl));
    return ACCEPTED;
  }
}
