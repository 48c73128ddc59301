-- what its numbers have from the moment they are here
ALTER TABLE "port_project" ADD COLUMN "emergency_address_id" UUID;
ALTER TABLE "port_project" ADD COLUMN "caller_name" TEXT;
ALTER TABLE "port_project" ADD CONSTRAINT "port_project_tenant_id_emergency_address_id_fkey" FOREIGN KEY ("tenant_id", "emergency_address_id") REFERENCES "emergency_address"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- when a call to it was first seen: the carrier may have moved it without a word
ALTER TABLE "expected_number" ADD COLUMN "called_at" TIMESTAMPTZ(3);
