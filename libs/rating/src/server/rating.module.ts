import { Module } from '@nestjs/common';
import { AssignPlan } from './assign-plan.ts';
import { CreateDeck } from './create-deck.ts';
import { CreatePlan } from './create-plan.ts';
import { DeckQueries } from './deck-queries.ts';
import { DecksController } from './decks.http.ts';
import { PlanAssignmentsController } from './plan-assignments.http.ts';
import { PlanQueries } from './plan-queries.ts';
import { PlansController } from './plans.http.ts';
import { PublishDeckVersion } from './publish-deck-version.ts';

const providers = [AssignPlan, CreateDeck, CreatePlan, DeckQueries, PlanQueries, PublishDeckVersion];

@Module({ controllers: [DecksController, PlansController, PlanAssignmentsController], providers, exports: providers })
export class RatingModule {}
