import { Inject, Injectable } from '@nestjs/common';
import { toPublicId } from '@trunkline/kernel';
import type { Context } from '@trunkline/kernel';
import { GRAPH, addMutation, inputOf, objectOf, operatorOnly, personOnly, scoped } from '@trunkline/platform';
import type { FieldAccess, Graph, GraphInput } from '@trunkline/platform';
import { ChangeMember } from './change-member.ts';
import { EndSession } from './end-session.ts';
import { InviteMember } from './invite-member.ts';
import { PeopleGraphql } from './people.graphql.ts';
import {
  invitationToWire,
  memberChange,
  memberToWire,
  newInvitation,
  newOperatorInvitation,
  operatorMemberChange,
  revokedSessions,
  revokedToWire,
} from './people.schema.ts';
import { ResetSecondFactor } from './reset-second-factor.ts';

/** Whom places are offered to: what their mutations are called after, who runs them, and what each takes. */
type Places<Ctx> = {
  readonly noun: '' | 'Operator';
  readonly one: string;
  readonly access: FieldAccess<Ctx>;
  readonly invitation: GraphInput<{ readonly email: string; readonly role: string }>;
  readonly change: GraphInput<{ readonly role?: string | undefined; readonly disabled?: boolean | undefined }>;
};
const ofMember = { id: 'member' } as const;
const ofInvitation = { id: 'invitation' } as const;

/** What a dashboard changes of who may act: places offered and taken back, roles, an end; and of one's own sessions. */
@Injectable()
export class PeopleChangesGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly types: PeopleGraphql,
    private readonly inviting: InviteMember,
    private readonly changing: ChangeMember,
    private readonly resetting: ResetSecondFactor,
    private readonly ending: EndSession,
  ) {
    const [invitation, change] = [inputOf(graph, newInvitation), inputOf(graph, memberChange)];
    this.definePlaces({ noun: '', one: 'a member', access: scoped('members:write'), invitation, change });
    const ofStaff = { invitation: inputOf(graph, newOperatorInvitation), change: inputOf(graph, operatorMemberChange) };
    this.definePlaces({ noun: 'Operator', one: 'one of the operator’s staff', access: operatorOnly, ...ofStaff });
    this.defineSessions();
  }

  private definePlaces<Ctx extends Context>({ noun, one, access, invitation, change }: Places<Ctx>): void {
    const { graph, types, inviting, changing, resetting } = this;
    addMutation(graph, `create${noun}Invitation`, access, {
      type: types.invitation,
      description: `Invite somebody by mail to be ${one}`,
      input: invitation,
      run: async (ctx, { input }) => invitationToWire(await inviting.invite(ctx, input.email, input.role)),
    });
    addMutation(graph, `revoke${noun}Invitation`, access, {
      type: types.invitation,
      description: `Take an invitation to be ${one} back`,
      ids: ofInvitation,
      run: async (ctx, { id }) => invitationToWire(await inviting.revoke(ctx, id)),
    });
    addMutation(graph, `update${noun}Member`, access, {
      type: types.member,
      description: `Give ${one} another role, or stop them for now`,
      ids: ofMember,
      input: change,
      run: async (ctx, { id, input: { role, disabled } }) => memberToWire(await changing.update(ctx, id, { role, isDisabled: disabled })),
    });
    addMutation(graph, `reset${noun}SecondFactor`, access, {
      type: types.member,
      description: `Take away the second factor that ${one} has lost; their sessions end`,
      ids: ofMember,
      run: async (ctx, { id }) => memberToWire(await resetting.execute(ctx, id)),
    });
    addMutation(graph, `remove${noun}Member`, access, {
      type: 'ID',
      description: `Remove ${one}`,
      ids: ofMember,
      run: async (ctx, { id }) => {
        await changing.remove(ctx, id);
        return toPublicId('member', id);
      },
    });
  }

  private defineSessions(): void {
    const { graph, ending } = this;
    addMutation(graph, 'revokeSession', personOnly, {
      type: 'ID',
      description: 'End one of your sessions',
      ids: { id: 'personSession' },
      run: async (self, { id }) => {
        await ending.execute(self, id);
        return toPublicId('personSession', id);
      },
    });
    addMutation(graph, 'revokeOtherSessions', personOnly, {
      type: objectOf(graph, revokedSessions),
      description: 'End all of your sessions but this one',
      run: async (self) => revokedToWire(await ending.others(self)),
    });
  }
}
