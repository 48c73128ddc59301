-- Keys, members and invitations of a tenant in the order of their pages; invitations are counted by their last day, too.
CREATE INDEX "api_key_page_idx" ON "api_key" ("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "member_page_idx" ON "member" ("tenant_id", "created_at" DESC, "id" DESC);
CREATE INDEX "invitation_page_idx" ON "invitation" ("tenant_id", "created_at" DESC, "id" DESC);
