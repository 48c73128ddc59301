import { Inject, Injectable } from '@nestjs/common';
import { GRAPH, addItem, addList, addValue, objectOf, operatorReads, personOnly, scoped } from '@trunkline/platform';
import type { Context } from '@trunkline/kernel';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { z } from 'zod';
import { PeopleQueries } from './people-queries.ts';
import {
  accountToWire,
  invitationOut,
  invitationToWire,
  memberOut,
  memberToWire,
  personOut,
  sessionOut,
  sessionToWire,
} from './people.schema.ts';
import { SetSsoConnection } from './set-sso-connection.ts';
import { connectionOut, connectionToWire } from './sso.http.ts';

/** Who asks, and who else may act for the tenant, or among the operator's staff. */
@Injectable()
export class PeopleGraphql {
  readonly member: GraphObject<z.infer<typeof memberOut>>;
  readonly invitation: GraphObject<z.infer<typeof invitationOut>>;

  constructor(@Inject(GRAPH) graph: Graph, queries: PeopleQueries, connection: SetSsoConnection) {
    addValue(graph, 'me', personOnly, {
      type: objectOf(graph, personOut),
      description: 'Who you are and where you may act',
      find: async (self) => accountToWire(await queries.account(self)),
    });
    addList(graph, 'sessions', personOnly, {
      type: objectOf(graph, sessionOut),
      description: 'Where you are logged in, the newest first',
      list: queries.sessions.bind(queries),
      toNode: sessionToWire,
    });
    this.member = objectOf(graph, memberOut);
    this.invitation = objectOf(graph, invitationOut);
    const members = {
      type: this.member,
      list: queries.members.bind(queries),
      toNode: memberToWire,
    };
    const invitations = {
      type: this.invitation,
      list: queries.invitations.bind(queries),
      toNode: invitationToWire,
    };
    const member = {
      ...{ type: this.member, kind: 'member' as const },
      find: async (ctx: Context, id: string) => memberToWire(await queries.member(ctx, id)),
    };
    addItem(graph, 'member', scoped('members:read'), { ...member, description: 'The member with that id' });
    addItem(graph, 'operatorMember', operatorReads, { ...member, description: 'The one of the operator’s staff with that id' });
    addList(graph, 'members', scoped('members:read'), { ...members, description: 'Members, the newest first' });
    addList(graph, 'invitations', scoped('members:read'), { ...invitations, description: 'Invitations, the newest first' });
    addList(graph, 'operatorMembers', operatorReads, { ...members, description: 'The operator’s staff, the newest first' });
    addList(graph, 'operatorInvitations', operatorReads, { ...invitations, description: 'Invitations of staff, the newest first' });
    addValue(graph, 'ssoConnection', scoped('sso:read'), {
      type: objectOf(graph, connectionOut),
      description: 'Which identity provider signs members in',
      find: async (ctx) => connectionToWire(await connection.find(ctx)),
    });
  }
}
