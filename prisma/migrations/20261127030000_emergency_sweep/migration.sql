-- What the provider of emergency calls has not answered yet is asked for every minute, of all tenants: it is never more than a few rows of many.
CREATE INDEX "emergency_address_validating_idx" ON "emergency_address" ("created_at") WHERE "state" = 'validating';
CREATE INDEX "emergency_registration_moving_idx" ON "emergency_registration" ("updated_at") WHERE "state" IN ('provisioning', 'updating', 'deprovisioning');
