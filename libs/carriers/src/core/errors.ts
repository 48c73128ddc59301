import { defineErrors } from '@trunkline/kernel';

export const carrierErrors = defineErrors({
  nameTaken: { code: 'carrier.name_taken', kind: 'conflict', title: 'Another carrier has this name' },
  addressTaken: {
    code: 'gateway.address_taken',
    kind: 'conflict',
    title: 'A source address already belongs to another gateway, or is a trunk’s',
  },
  gatewayInUse: { code: 'gateway.in_use', kind: 'conflict', title: 'Routes still lead to the gateway' },
  unavailable: { code: 'carrier.unavailable', kind: 'unavailable', title: 'The carrier gives no answer' },
  badSignature: { code: 'carrier.bad_signature', kind: 'invalid', title: 'The message is not signed by the carrier, or too old' },
  routeExists: { code: 'carrier_route.exists', kind: 'conflict', title: 'The gateway already has this route' },
});
