-- Projects are found by what the tenant calls them.
CREATE INDEX "port_project_tenant_id_external_reference_idx" ON "port_project" ("tenant_id", "external_reference");
