-- What a tenant calls an order of channels in its own books.
ALTER TABLE "channel_order" ADD COLUMN "external_reference" TEXT CHECK (length("external_reference") BETWEEN 1 AND 120);
CREATE INDEX "channel_order_tenant_id_external_reference_idx" ON "channel_order" ("tenant_id", "external_reference");
