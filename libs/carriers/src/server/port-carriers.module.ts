import { Module } from '@nestjs/common';
import { EmulatedPortOutCarrier } from './emulated-port-out-carrier.ts';
import { EmulatedPortingCarrier } from './emulated-porting-carrier.ts';
import { PORT_OUT_SETTINGS, PortOutCarriers } from './port-out-carriers.ts';
import type { PortOutSettings } from './port-out-carriers.ts';
import { PortingCarrier } from './porting-carrier.ts';
import { REAL_PORTING_CARRIERS, portingCarrierOf } from './porting-carriers.ts';

const portingCarrier = {
  provide: PortingCarrier,
  inject: [EmulatedPortingCarrier, { token: REAL_PORTING_CARRIERS, optional: true }],
  useFactory: portingCarrierOf,
};
const portOutCarriers = {
  provide: PortOutCarriers,
  inject: [EmulatedPortOutCarrier, { token: PORT_OUT_SETTINGS, optional: true }],
  useFactory: (emulated: EmulatedPortOutCarrier, settings?: PortOutSettings) => new PortOutCarriers(emulated, settings),
};

/** The carriers that numbers come by and leave: the emulated one, and what the settings name (`NumberSupplyModule`). */
@Module({
  providers: [EmulatedPortOutCarrier, EmulatedPortingCarrier, portOutCarriers, portingCarrier],
  exports: [EmulatedPortOutCarrier, EmulatedPortingCarrier, portOutCarriers, portingCarrier],
})
export class PortCarriersModule {}
