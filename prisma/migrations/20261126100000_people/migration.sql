-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "totp_sealed" BYTEA,
    "totp_enabled_at" TIMESTAMPTZ(3),
    "totp_last_step" BIGINT,
    "sso_tenant_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);
-- CreateTable
CREATE TABLE "recovery_code" (
    "person_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("person_id","hash")
);
-- CreateTable
CREATE TABLE "person_session" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "bound_tenant_id" UUID,
    "source_address" TEXT NOT NULL,
    "user_agent" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_session_pkey" PRIMARY KEY ("id")
);
-- CreateTable
CREATE TABLE "password_reset" (
    "hash" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_reset_pkey" PRIMARY KEY ("hash")
);
-- CreateTable
CREATE TABLE "sign_up" (
    "id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "email" TEXT NOT NULL,
    "tenant_name" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_up_pkey" PRIMARY KEY ("id")
);
-- CreateTable
CREATE TABLE "member" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_pkey" PRIMARY KEY ("tenant_id","id")
);
-- CreateTable
CREATE TABLE "invitation" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("tenant_id","id")
);
-- CreateTable
CREATE TABLE "guess" (
    "subject" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "window_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "guess_pkey" PRIMARY KEY ("subject")
);
-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body_sealed" BYTEA,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "person_session_hash_key" ON "person_session"("hash");
CREATE INDEX "person_session_person_id_idx" ON "person_session"("person_id");
CREATE INDEX "password_reset_person_id_idx" ON "password_reset"("person_id");
CREATE UNIQUE INDEX "sign_up_hash_key" ON "sign_up"("hash");
CREATE UNIQUE INDEX "member_tenant_id_person_id_key" ON "member"("tenant_id", "person_id");
CREATE INDEX "member_person_id_idx" ON "member"("person_id");
CREATE UNIQUE INDEX "invitation_hash_key" ON "invitation"("hash");
CREATE INDEX "guess_window_at_idx" ON "guess"("window_at");
CREATE INDEX "mail_created_at_idx" ON "mail"("created_at");

-- AddForeignKey
ALTER TABLE "recovery_code" ADD CONSTRAINT "recovery_code_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "person_session" ADD CONSTRAINT "person_session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "password_reset" ADD CONSTRAINT "password_reset_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "member" ADD CONSTRAINT "member_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

-- one person per address; those whom a tenant's identity provider speaks for are apart, each tenant's for itself
CREATE UNIQUE INDEX "person_email_key" ON "person" ("email") WHERE "sso_tenant_id" IS NULL;
CREATE UNIQUE INDEX "person_sso_email_key" ON "person" ("sso_tenant_id", "email") WHERE "sso_tenant_id" IS NOT NULL;
CREATE UNIQUE INDEX "invitation_open_key" ON "invitation" ("tenant_id", "email") WHERE "accepted_at" IS NULL AND "revoked_at" IS NULL;
CREATE INDEX "mail_due_idx" ON "mail" ("next_attempt_at") WHERE "state" = 'pending';
ALTER TABLE "person" ADD CHECK ("email" = lower("email"));
ALTER TABLE "member" ADD CONSTRAINT "member_role_check" CHECK (CASE WHEN "tenant_id" = '00000000-0000-0000-0000-000000000000'
  THEN "role" IN ('admin', 'support', 'read_only') ELSE "role" IN ('owner', 'admin', 'noc', 'billing', 'read_only') END);
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_role_check" CHECK (CASE WHEN "tenant_id" = '00000000-0000-0000-0000-000000000000'
  THEN "role" IN ('admin', 'support', 'read_only') ELSE "role" IN ('owner', 'admin', 'noc', 'billing', 'read_only') END);
ALTER TABLE "mail" ADD CHECK ("state" IN ('pending', 'sent', 'failed', 'expired')), ADD CHECK (("state" = 'pending') = ("next_attempt_at" IS NOT NULL)),
  ADD CHECK (("state" = 'pending') = ("body_sealed" IS NOT NULL));

-- ---- tenant isolation, and who may do what ----

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['member', 'invitation'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %I TO trunkline_app USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', name);
    EXECUTE format('CREATE POLICY system ON %I TO trunkline_system USING (true) WITH CHECK (true)', name);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO trunkline_app, trunkline_system', name);
  END LOOP;
END $$;
GRANT DELETE ON "member" TO trunkline_app, trunkline_system;

-- a tenant sees who its members are, and nothing else of any person
ALTER TABLE "person" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "person" FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON "person" FOR SELECT TO trunkline_app USING (EXISTS (SELECT FROM "member" m WHERE m.person_id = person.id));
CREATE POLICY system ON "person" TO trunkline_system USING (true) WITH CHECK (true);
GRANT SELECT ("id", "email", "name", "totp_enabled_at") ON "person" TO trunkline_app;
GRANT INSERT ON "mail" TO trunkline_app;
GRANT SELECT, INSERT, UPDATE ON "person", "recovery_code", "person_session", "password_reset", "sign_up", "guess", "mail" TO trunkline_system;
GRANT DELETE ON "recovery_code", "person_session", "password_reset", "sign_up", "guess", "mail" TO trunkline_system;
