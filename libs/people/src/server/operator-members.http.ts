import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { HeedsIfMatch, Operator, OperatorOnly, Problems, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { ChangeMember } from './change-member.ts';
import { InviteMember } from './invite-member.ts';
import { PeopleQueries } from './people-queries.ts';
import {
  ACCEPTED,
  accepted,
  invitationOut,
  invitationToWire,
  operatorMemberChange,
  memberOut,
  memberToWire,
  newOperatorInvitation,
} from './people.schema.ts';
import { ResetSecondFactor } from './reset-second-factor.ts';

const page = z.strictObject(pageQuery);
const operatorMemberPage = pageOut(memberOut, 'OperatorMemberPage');
const operatorInvitationPage = pageOut(invitationOut, 'OperatorInvitationPage');

/** Who of the operator's staff may log in, and as what. */
@ApiTags('Operator staff')
@Controller('v1')
export class OperatorMembersController {
  constructor(
    private readonly inviting: InviteMember,
    private readonly changing: ChangeMember,
    private readonly resetting: ResetSecondFactor,
    private readonly queries: PeopleQueries,
  ) {}

  @Get('operator-members')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listOperatorMembers', summary: 'List the operator’s staff' })
  @Returns(200, operatorMemberPage, 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.members(ctx, query);
    return { data: data.map(memberToWire), next_cursor: nextCursor };
  }

  @Get('operator-members/:id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getOperatorMember', summary: 'Get one of the operator’s staff' })
  @Returns(200, memberOut, 'The member')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('member') }) id: string) {
    return memberToWire(await this.queries.member(ctx, id));
  }

  @Patch('operator-members/:id')
  @OperatorOnly()
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateOperatorMember', summary: 'Give one of the operator’s staff another role, or stop them for now' })
  @Returns(200, memberOut, 'The changed member')
  @Problems(400, 403, 404)
  async update(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('member') }) id: string,
    @Body({ schema: operatorMemberChange }) { role, disabled }: z.infer<typeof operatorMemberChange>,
  ) {
    return memberToWire(await this.changing.update(ctx, id, { role, isDisabled: disabled }));
  }

  @Delete('operator-members/:id')
  @OperatorOnly()
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'removeOperatorMember', summary: 'Remove one of the operator’s staff' })
  @Returns(200, accepted, 'They may not act any more')
  @Problems(403, 404)
  async remove(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('member') }) id: string) {
    await this.changing.remove(ctx, id);
    return ACCEPTED;
  }

  @Post('operator-members/:id/reset-second-factor')
  @OperatorOnly()
  @ApiOperation({
    operationId: 'resetOperatorSecondFactor',
    summary: 'Take away the second factor that one of the staff has lost; their sessions end',
  })
  @Returns(200, memberOut, 'The member, who logs in with the password until they set one up again')
  @Problems(403, 404, 409)
  async resetSecondFactor(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('member') }) id: string) {
    return memberToWire(await this.resetting.execute(ctx, id));
  }

  @Post('operator-invitations')
  @OperatorOnly()
  @ApiOperation({ operationId: 'createOperatorInvitation', summary: 'Invite somebody by mail' })
  @Returns(201, invitationOut, 'The invitation is on its way')
  @Problems(400, 403, 409, 422)
  async invite(@Operator() ctx: SystemContext, @Body({ schema: newOperatorInvitation }) body: z.infer<typeof newOperatorInvitation>) {
    return invitationToWire(await this.inviting.invite(ctx, body.email, body.role));
  }

  @Get('operator-invitations')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listOperatorInvitations', summary: 'List invitations' })
  @Returns(200, operatorInvitationPage, 'A page')
  @Problems(400, 403)
  async invitations(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.invitations(ctx, query);
    return { data: data.map(invitationToWire), next_cursor: nextCursor };
  }

  @Post('operator-invitations/:id/revoke')
  @OperatorOnly()
  @ApiOperation({ operationId: 'revokeOperatorInvitation', summary: 'Take an invitation back' })
  @Returns(200, invitationOut, 'The revoked invitation')
  @Problems(403, 404)
  async revoke(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('invitation') }) id: string) {
    return invitationToWire(await this.inviting.revoke(ctx, id));
  }
}
