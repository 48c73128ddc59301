import { Module } from '@nestjs/common';
import { AddGateway } from './add-gateway.ts';
import { AddRoute } from './add-route.ts';
import { CarrierQueries } from './carrier-queries.ts';
import { CarrierRoutesController } from './carrier-routes.http.ts';
import { CarriersController } from './carriers.http.ts';
import { CreateCarrier } from './create-carrier.ts';
import { RemoveGateway } from './remove-gateway.ts';
import { RemoveRoute } from './remove-route.ts';
import { UpdateCarrier } from './update-carrier.ts';

/** Needs, from the application: a TargetHealthView. */
@Module({
  controllers: [CarriersController, CarrierRoutesController],
  providers: [AddGateway, AddRoute, CarrierQueries, CreateCarrier, RemoveGateway, RemoveRoute, UpdateCarrier],
  exports: [CarrierQueries],
})
export class CarriersModule {}
