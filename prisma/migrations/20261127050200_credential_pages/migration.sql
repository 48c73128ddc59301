-- The digest users of a trunk, and of a list, in the order of their pages.
CREATE INDEX "trunk_credential_trunk_page_idx" ON "trunk_credential" ("tenant_id", "trunk_id", "created_at" DESC, "id" DESC) WHERE "trunk_id" IS NOT NULL;
CREATE INDEX "trunk_credential_list_page_idx" ON "trunk_credential" ("tenant_id", "credential_list_id", "created_at" DESC, "id" DESC) WHERE "credential_list_id" IS NOT NULL;
-- Both find what these found.
DROP INDEX "trunk_credential_tenant_id_trunk_id_idx";
DROP INDEX "trunk_credential_list_idx";
