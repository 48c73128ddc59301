-- Words that a tenant puts on its trunks and numbers, a row each: under row-level security no index over arrays is used.
CREATE TABLE "resource_tag" (
    "tenant_id" UUID NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,

    CONSTRAINT "resource_tag_pkey" PRIMARY KEY ("tenant_id","resource_type","resource_id","tag")
);
CREATE INDEX "resource_tag_tenant_id_resource_type_tag_resource_id_idx" ON "resource_tag"("tenant_id", "resource_type", "tag", "resource_id");
ALTER TABLE "resource_tag" ADD CONSTRAINT "resource_tag_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "resource_tag" ADD CHECK ("resource_type" IN ('trunk', 'number'));
ALTER TABLE "resource_tag" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "resource_tag" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "resource_tag" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "resource_tag" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON "resource_tag" TO trunkline_app, trunkline_system;

CREATE INDEX "trunk_tenant_id_external_reference_idx" ON "trunk"("tenant_id", "external_reference");
CREATE INDEX "number_assignment_tenant_id_external_reference_idx" ON "number_assignment"("tenant_id", "external_reference");
CREATE INDEX "tenant_external_reference_idx" ON "tenant"("external_reference");
