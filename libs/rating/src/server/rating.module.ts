import { Module } from '@nestjs/common';
import { AllowResale } from './allow-resale.ts';
import { AssignPlan } from './assign-plan.ts';
import { CreateDeck } from './create-deck.ts';
import { CreatePlan } from './create-plan.ts';
import { DeckQueries } from './deck-queries.ts';
import { DecksController } from './decks.http.ts';
import { PlanAssignmentsController } from './plan-assignments.http.ts';
import { PlanQueries } from './plan-queries.ts';
import { PlansController } from './plans.http.ts';
import { PublishDeckVersion } from './publish-deck-version.ts';
import { ResalePlansController } from './resale-plans.http.ts';

const providers = [AllowResale, AssignPlan, CreateDeck, CreatePlan, DeckQueries, PlanQueries, PublishDeckVersion];

@Module({
  controllers: [DecksController, PlansController, PlanAssignmentsController, ResalePlansController],
  providers,
  exports: providers,
})
export class RatingModule {}
