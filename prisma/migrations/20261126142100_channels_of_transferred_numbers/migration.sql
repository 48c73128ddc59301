-- A reseller that moves a number between tenants below it releases it for one of them, and so its channels: the trigger runs as who asks.
CREATE POLICY subtree_reads ON "number_channels" FOR SELECT TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
CREATE POLICY subtree_gives_back ON "number_channels" FOR DELETE TO trunkline_subtree USING (tenant_id = ANY ((SELECT tenants_within())::uuid[]));
GRANT SELECT, DELETE ON "number_channels" TO trunkline_subtree;
