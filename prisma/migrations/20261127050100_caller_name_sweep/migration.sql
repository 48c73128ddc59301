-- Names that the provider has not answered for are asked for every minute, of all tenants: never more than a few rows of many.
CREATE INDEX "caller_name_moving_idx" ON "caller_name" ("updated_at") WHERE "state" IN ('requested', 'submitted', 'removing');
