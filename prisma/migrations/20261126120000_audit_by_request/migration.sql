-- what one request changed; ids of requests grow, so entries are added at the right end
CREATE INDEX "audit_entry_tenant_id_request_id_sequence_idx" ON "audit_entry" ("tenant_id", "request_id", "sequence");
