-- The name that networks in North America show beside a number (CNAM).
CREATE TABLE "caller_name" (
    "tenant_id" UUID NOT NULL,
    "number_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "caller_name_pkey" PRIMARY KEY ("tenant_id","number_id")
);

-- AddForeignKey
ALTER TABLE "caller_name" ADD CONSTRAINT "caller_name_tenant_id_number_id_fkey" FOREIGN KEY ("tenant_id", "number_id") REFERENCES "number_assignment"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "caller_name"
  ADD CHECK ("state" IN ('requested', 'submitted', 'active', 'rejected', 'removing')),
  ADD CHECK ("name" ~ '^[A-Z0-9 .,&''-]{1,15}$');
ALTER TABLE "caller_name" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "caller_name" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "caller_name" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "caller_name" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "caller_name" TO trunkline_app, trunkline_system;
GRANT DELETE ON "caller_name" TO trunkline_system;
