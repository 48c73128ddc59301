import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, Operator, OperatorOnly, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { EmergencyAddresses } from './emergency-addresses.ts';
import { EmergencyRegistrations } from './emergency-registrations.ts';
import { EmergencySettings } from './emergency-settings.ts';
import {
  addressOut,
  addressToWire,
  civicOf,
  contacts,
  contactsOut,
  newAddress,
  numberEmergencyOut,
  numberEmergencyToWire,
  policyIn,
  policyOut,
  registrationIn,
  waiverIn,
} from './emergency.schema.ts';

const page = z.strictObject(pageQuery);
const addressId = { schema: idIn('emergencyAddress') };
const numberId = { schema: idIn('number') };

@ApiTags('Emergency')
@Controller('v1/emergency-addresses')
export class EmergencyAddressesController {
  constructor(private readonly addresses: EmergencyAddresses) {}

  @Post()
  @Allow('numbers:write')
  @ApiOperation({
    operationId: 'createEmergencyAddress',
    summary: 'Name a place that help may be sent to; the provider is asked whether there is one',
  })
  @Returns(201, addressOut, 'Created; its state moves when the provider has answered')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newAddress }) body: z.infer<typeof newAddress>) {
    return addressToWire(await this.addresses.create(ctx, civicOf(body)));
  }

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listEmergencyAddresses', summary: 'List emergency addresses' })
  @Returns(200, pageOut(addressOut, 'EmergencyAddressPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.addresses.list(ctx, query);
    return { data: data.map(addressToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getEmergencyAddress', summary: 'Get an emergency address' })
  @Returns(200, addressOut, 'The address')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', addressId) id: string) {
    return addressToWire(await this.addresses.byId(ctx, id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'deleteEmergencyAddress', summary: 'Delete an address that no number is registered at' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404, 409)
  async delete(@Tenant() ctx: TenantContext, @Param('id', addressId) id: string): Promise<void> {
    await this.addresses.delete(ctx, id);
  }
}

@ApiTags('Emergency')
@Controller('v1/numbers/:number_id')
export class EmergencyRegistrationsController {
  constructor(private readonly registrations: EmergencyRegistrations) {}

  @Get('emergency-registration')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getEmergencyRegistration', summary: 'Get where a number calls for help from' })
  @Returns(200, numberEmergencyOut, 'What is registered')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('number_id', numberId) id: string) {
    return numberEmergencyToWire(await this.registrations.of(ctx, id));
  }

  @Put('emergency-registration')
  @Allow('numbers:write')
  @ApiOperation({
    operationId: 'registerEmergencyAddress',
    summary: 'Register a number at an address; the one before holds until the provider has it',
  })
  @Returns(200, numberEmergencyOut, 'On its way')
  @Problems(400, 403, 404, 409)
  async put(
    @Tenant() ctx: TenantContext,
    @Param('number_id', numberId) id: string,
    @Body({ schema: registrationIn }) { address_id }: z.infer<typeof registrationIn>,
  ) {
    return numberEmergencyToWire(await this.registrations.register(ctx, id, address_id));
  }

  @Delete('emergency-registration')
  @HttpCode(204)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'deregisterEmergencyAddress', summary: 'Take a number’s address away' })
  @ApiResponse({ status: 204, description: 'On its way out' })
  @Problems(403, 404)
  async delete(@Tenant() ctx: TenantContext, @Param('number_id', numberId) id: string): Promise<void> {
    await this.registrations.deregister(ctx, id);
  }

  @Put('emergency-waiver')
  @Allow('numbers:write')
  @ApiOperation({
    operationId: 'signEmergencyWaiver',
    summary: 'Say that you know that help cannot be sent to whoever calls from a number',
  })
  @Returns(200, numberEmergencyOut, 'Recorded')
  @Problems(400, 403, 404)
  async waive(
    @Tenant() ctx: TenantContext,
    @Param('number_id', numberId) id: string,
    @Body({ schema: waiverIn }) body: z.infer<typeof waiverIn>,
  ) {
    return numberEmergencyToWire(await this.registrations.waive(ctx, id, camelKeys(body)));
  }

  @Delete('emergency-waiver')
  @HttpCode(204)
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'withdrawEmergencyWaiver', summary: 'Withdraw a waiver' })
  @ApiResponse({ status: 204, description: 'Withdrawn' })
  @Problems(403, 404)
  async withdraw(@Tenant() ctx: TenantContext, @Param('number_id', numberId) id: string): Promise<void> {
    await this.registrations.withdrawWaiver(ctx, id);
  }
}

@ApiTags('Emergency')
@Controller('v1')
export class EmergencySettingsController {
  constructor(private readonly settings: EmergencySettings) {}

  @Get('emergency-contacts')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getEmergencyContacts', summary: 'Get who is told when somebody calls for help' })
  @Returns(200, contactsOut, 'The contacts')
  @Problems(403)
  async contacts(@Tenant() ctx: TenantContext) {
    return { object: 'emergency_contacts', emails: await this.settings.contacts(ctx) };
  }

  @Put('emergency-contacts')
  @Allow('numbers:write')
  @ApiOperation({ operationId: 'replaceEmergencyContacts', summary: 'Say who is told when somebody calls for help' })
  @Returns(200, contactsOut, 'The contacts')
  @Problems(400, 403)
  async putContacts(@Tenant() ctx: TenantContext, @Body({ schema: contacts }) { emails }: z.infer<typeof contacts>) {
    return { object: 'emergency_contacts', emails: await this.settings.replaceContacts(ctx, emails) };
  }

  @Get('emergency-policy')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getEmergencyPolicy', summary: 'Get where a number must have an emergency address' })
  @Returns(200, policyOut, 'The policy')
  @Problems(403)
  async policy(@Operator() ctx: SystemContext) {
    return { object: 'emergency_policy', required_countries: await this.settings.requiredCountries(ctx) };
  }

  @Put('emergency-policy')
  @OperatorOnly()
  @ApiOperation({ operationId: 'replaceEmergencyPolicy', summary: 'Say where a number must have an emergency address to be called from' })
  @Returns(200, policyOut, 'The policy')
  @Problems(400, 403)
  async putPolicy(@Operator() ctx: SystemContext, @Body({ schema: policyIn }) body: z.infer<typeof policyIn>) {
    return { object: 'emergency_policy', required_countries: await this.settings.replacePolicy(ctx, body.required_countries) };
  }
}
