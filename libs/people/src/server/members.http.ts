import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import {
  Allow,
  CanDryRun,
  Database,
  HeedsIfMatch,
  Problems,
  Returns,
  Tenant,
  bulkToWire,
  eachByItself,
  idIn,
  pageOut,
  pageQuery,
} from '@trunkline/platform';
import { z } from 'zod';
import { ChangeMember } from './change-member.ts';
import { InviteMember } from './invite-member.ts';
import { PeopleQueries } from './people-queries.ts';
import {
  ACCEPTED,
  accepted,
  invitationOut,
  invitationToWire,
  invitationsOut,
  memberChange,
  memberOut,
  memberToWire,
  newInvitation,
  newInvitations,
} from './people.schema.ts';
import { ResetSecondFactor } from './reset-second-factor.ts';

const page = z.strictObject(pageQuery);
const memberPage = pageOut(memberOut, 'MemberPage');
const invitationPage = pageOut(invitationOut, 'InvitationPage');

@ApiTags('Members')
@Controller('v1')
export class MembersController {
  constructor(
    private readonly db: Database,
    private readonly inviting: InviteMember,
    private readonly changing: ChangeMember,
    private readonly resetting: ResetSecondFactor,
    private readonly queries: PeopleQueries,
  ) {}

  @Get('members')
  @Allow('members:read')
  @ApiOperation({ operationId: 'listMembers', summary: 'List members' })
  @Returns(200, memberPage, 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.members(ctx, query);
    return { data: data.map(memberToWire), next_cursor: nextCursor };
  }

  @Get('members/:id')
  @Allow('members:read')
  @ApiOperation({ operationId: 'getMember', summary: 'Get a member' })
  @Returns(200, memberOut, 'The member')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('member') }) id: string) {
    return memberToWire(await this.queries.member(ctx, id));
  }

  @Patch('members/:id')
  @Allow('members:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateMember', summary: 'Give a member another role, or stop them for now' })
  @Returns(200, memberOut, 'The changed member')
  @Problems(400, 403, 404, 409)
  async update(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: idIn('member') }) id: string,
    @Body({ schema: memberChange }) { role, disabled }: z.infer<typeof memberChange>,
  ) {
    return memberToWire(await this.changing.update(ctx, id, { role, isDisabled: disabled }));
  }

  @Delete('members/:id')
  @Allow('members:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'removeMember', summary: 'Remove a member' })
  @Returns(200, accepted, 'They may not act any more')
  @Problems(403, 404, 409)
  async remove(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('member') }) id: string) {
    await this.changing.remove(ctx, id);
    return ACCEPTED;
  }

  @Post('members/:id/reset-second-factor')
  @Allow('members:write')
  @ApiOperation({ operationId: 'resetSecondFactor', summary: 'Take away the second factor that a member has lost; their sessions end' })
  @Returns(200, memberOut, 'The member, who logs in with the password until they set one up again')
  @Problems(403, 404, 409)
  async resetSecondFactor(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('member') }) id: string) {
    return memberToWire(await this.resetting.execute(ctx, id));
  }

  @Post('invitations')
  @Allow('members:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'createInvitation', summary: 'Invite somebody by mail' })
  @Returns(201, invitationOut, 'The invitation is on its way')
  @Problems(400, 403, 409, 422)
  async invite(@Tenant() ctx: TenantContext, @Body({ schema: newInvitation }) body: z.infer<typeof newInvitation>) {
    return invitationToWire(await this.inviting.invite(ctx, body.email, body.role));
  }

  @Post('invitations/bulk-create')
  @Allow('members:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'bulkCreateInvitations', summary: 'Invite up to 100 people by mail; each is invited or refused by itself' })
  @Returns(200, invitationsOut, 'What became of each')
  @Problems(400, 403, 409, 422)
  async inviteMany(@Tenant() ctx: TenantContext, @Body({ schema: newInvitations }) { items }: z.infer<typeof newInvitations>) {
    const outcomes = await eachByItself(this.db, ctx, items, ({ email, role }) => this.inviting.invite(ctx, email, role));
    return bulkToWire(ctx, outcomes, invitationToWire);
  }

  @Get('invitations')
  @Allow('members:read')
  @ApiOperation({ operationId: 'listInvitations', summary: 'List invitations' })
  @Returns(200, invitationPage, 'A page')
  @Problems(400, 403)
  async invitations(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.invitations(ctx, query);
    return { data: data.map(invitationToWire), next_cursor: nextCursor };
  }

  @Post('invitations/:id/revoke')
  @Allow('members:write')
  @ApiOperation({ operationId: 'revokeInvitation', summary: 'Take an invitation back' })
  @Returns(200, invitationOut, 'The revoked invitation')
  @Problems(403, 404)
  async revoke(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('invitation') }) id: string) {
    return invitationToWire(await this.inviting.revoke(ctx, id));
  }
}
