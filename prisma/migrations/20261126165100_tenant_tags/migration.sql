-- CreateTable
CREATE TABLE "tenant_tag" (
    "tenant_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,

    CONSTRAINT "tenant_tag_pkey" PRIMARY KEY ("tenant_id","tag")
);

CREATE INDEX "tenant_tag_tag_tenant_id_idx" ON "tenant_tag"("tag", "tenant_id");

-- AddForeignKey
ALTER TABLE "tenant_tag" ADD CONSTRAINT "tenant_tag_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ---- tenant isolation, and who may do what: whoever is above a tenant tags it, as it writes its reference ----

ALTER TABLE "tenant_tag" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tenant_tag" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "tenant_tag" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "tenant_tag" TO trunkline_system USING (true) WITH CHECK (true);
CREATE POLICY subtree_reads ON "tenant_tag" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_tags ON "tenant_tag" FOR INSERT TO trunkline_subtree WITH CHECK (tenant_id = ANY ((SELECT tenants_below())::uuid[]));
CREATE POLICY subtree_untags ON "tenant_tag" FOR DELETE TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_below())::uuid[]));
GRANT SELECT ON "tenant_tag" TO trunkline_app;
GRANT SELECT, INSERT, DELETE ON "tenant_tag" TO trunkline_system, trunkline_subtree;
GRANT UPDATE ("external_reference") ON "tenant" TO trunkline_subtree;
