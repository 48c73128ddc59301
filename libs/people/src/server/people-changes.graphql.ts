import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import { GRAPH, addMutation, inputOf, operatorOnly, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { ChangeMember } from './change-member.ts';
import { InviteMember } from './invite-member.ts';
import { PeopleGraphql } from './people.graphql.ts';
import {
  invitationToWire,
  memberChange,
  memberToWire,
  newInvitation,
  newOperatorInvitation,
  operatorMemberChange,
} from './people.schema.ts';
import { ResetSecondFactor } from './reset-second-factor.ts';

const writes = scoped('members:write');
const ofMember = { id: 'member' } as const;
const ofInvitation = { id: 'invitation' } as const;

/** What a dashboard changes of who may act: places offered and taken back, roles, an end. */
@Injectable()
export class PeopleChangesGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly types: PeopleGraphql,
    private readonly inviting: InviteMember,
    private readonly changing: ChangeMember,
    private readonly resetting: ResetSecondFactor,
  ) {
    this.defineMembers();
    this.defineStaff();
  }

  private defineMembers(): void {
    const { graph, types, inviting, changing, resetting } = this;
    addMutation(graph, 'createInvitation', writes, {
      type: types.invitation,
      description: 'Invite somebody by mail',
      input: inputOf(graph, newInvitation),
      run: async (ctx, { input }) => invitationToWire(await inviting.invite(ctx, input.email, input.role)),
    });
    addMutation(graph, 'revokeInvitation', writes, {
      type: types.invitation,
      description: 'Take an invitation back',
      ids: ofInvitation,
      run: async (ctx, { id }) => invitationToWire(await inviting.revoke(ctx, id)),
    });
    addMutation(graph, 'updateMember', writes, {
      type: types.member,
      description: 'Give a member another role, or stop them for now',
      ids: ofMember,
      input: inputOf(graph, memberChange),
      run: async (ctx, { id, input: { role, disabled } }) => memberToWire(await changing.update(ctx, id, { role, isDisabled: disabled })),
    });
    addMutation(graph, 'resetSecondFactor', writes, {
      type: types.member,
      description: 'Take away the second factor that a member has lost; their sessions end',
      ids: ofMember,
      run: async (ctx, { id }) => memberToWire(await resetting.execute(ctx, id)),
    });
    addMutation(graph, 'removeMember', writes, {
      type: 'ID',
      description: 'Remove a member',
      ids: ofMember,
      run: async (ctx, { id }) => {
        await changing.remove(ctx, id);
        return toPublicId('member', id);
      },
    });
  }

  private defineStaff(): void {
    const { graph, types, inviting, changing, resetting } = this;
    addMutation(graph, 'createOperatorInvitation', operatorOnly, {
      type: types.invitation,
      description: 'Invite somebody to the operator’s staff by mail',
      input: inputOf(graph, newOperatorInvitation),
      run: async (ctx, { input }) => invitationToWire(await inviting.invite(ctx, input.email, input.role)),
    });
    addMutation(graph, 'revokeOperatorInvitation', operatorOnly, {
      type: types.invitation,
      description: 'Take an invitation of staff back',
      ids: ofInvitation,
      run: async (ctx, { id }) => invitationToWire(await inviting.revoke(ctx, id)),
    });
    addMutation(graph, 'updateOperatorMember', operatorOnly, {
      type: types.member,
      description: 'Give one of the operator’s staff another role, or stop them for now',
      ids: ofMember,
      input: inputOf(graph, operatorMemberChange),
      run: async (ctx, { id, input: { role, disabled } }) => memberToWire(await changing.update(ctx, id, { role, isDisabled: disabled })),
    });
    addMutation(graph, 'resetOperatorSecondFactor', operatorOnly, {
      type: types.member,
      description: 'Take away the second factor that one of the staff has lost; their sessions end',
      ids: ofMember,
      run: async (ctx, { id }) => memberToWire(await resetting.execute(ctx, id)),
    });
    addMutation(graph, 'removeOperatorMember', operatorOnly, {
      type: 'ID',
      description: 'Remove one of the operator’s staff',
      ids: ofMember,
      run: async (ctx, { id }) => {
        await changing.remove(ctx, id);
        return toPublicId('member', id);
      },
    });
  }
}
