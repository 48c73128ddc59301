-- Which numbers a trunk may present, and how far the platform vouches for them.
ALTER TABLE "trunk"
  ADD COLUMN "pass_verified" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "presence_numbers" TEXT[] NOT NULL DEFAULT '{}';
ALTER TABLE "cdr" ADD COLUMN "attestation" TEXT;

-- CreateTable
CREATE TABLE "verified_number" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "e164" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "right" TEXT,
    "document_id" UUID,
    "code_mac" BYTEA,
    "code_sealed" BYTEA,
    "code_expires_at" TIMESTAMPTZ(3),
    "code_sent_at" TIMESTAMPTZ(3),
    "attempts_left" INTEGER NOT NULL DEFAULT 0,
    "sends_left" INTEGER NOT NULL DEFAULT 0,
    "reason" TEXT,
    "verified_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verified_number_pkey" PRIMARY KEY ("tenant_id","id")
);
CREATE INDEX "verified_number_tenant_id_created_at_id_idx" ON "verified_number"("tenant_id", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "verified_number" ADD CONSTRAINT "verified_number_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "verified_number" ADD CONSTRAINT "verified_number_tenant_id_document_id_fkey" FOREIGN KEY ("tenant_id", "document_id") REFERENCES "kyc_document"("tenant_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

-- a tenant proves a number once at a time; other tenants may prove the same
CREATE UNIQUE INDEX "verified_number_live_key" ON "verified_number" ("tenant_id", "e164") WHERE "state" IN ('pending', 'in_review', 'verified');
CREATE INDEX "verified_number_in_review_idx" ON "verified_number" ("created_at", "id") WHERE "state" = 'in_review';
CREATE INDEX "verified_number_expires_at_idx" ON "verified_number" ("expires_at") WHERE "state" = 'verified';
ALTER TABLE "verified_number"
  ADD CHECK ("method" IN ('sms', 'voice', 'document')),
  ADD CHECK ("state" IN ('pending', 'in_review', 'verified', 'rejected', 'expired', 'revoked')),
  ADD CHECK ("right" IN ('verified', 'documented')),
  ADD CHECK (("state" = 'verified') <= ("right" IS NOT NULL AND "expires_at" IS NOT NULL)),
  ADD CHECK (("method" = 'document') = ("document_id" IS NOT NULL)),
  ADD CHECK ("attempts_left" >= 0 AND "sends_left" >= 0);

-- ---- tenant isolation, and who may do what ----

ALTER TABLE "verified_number" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "verified_number" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "verified_number" TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
CREATE POLICY system ON "verified_number" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "verified_number" TO trunkline_app, trunkline_system;
