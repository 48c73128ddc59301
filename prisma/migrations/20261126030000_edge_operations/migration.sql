-- AlterTable
ALTER TABLE "edge"
    ADD COLUMN "state" TEXT NOT NULL DEFAULT 'active',
    ADD COLUMN "state_at" TIMESTAMPTZ(3),
    ADD COLUMN "lost_at" TIMESTAMPTZ(3),
    ADD COLUMN "deleted_at" TIMESTAMPTZ(3),
    ADD COLUMN "key_enrolled_at" TIMESTAMPTZ(3),
    ADD COLUMN "contract" INTEGER,
    ADD COLUMN "agent_version" TEXT,
    ADD COLUMN "refused_code" TEXT,
    ADD COLUMN "refused_at" TIMESTAMPTZ(3),
    ADD COLUMN "last_up_at" TIMESTAMPTZ(3),
    ADD COLUMN "drift_kinds" TEXT[] NOT NULL DEFAULT '{}',
    ADD COLUMN "drifts" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "resync_requested_at" TIMESTAMPTZ(3),
    ADD COLUMN "resynced_at" TIMESTAMPTZ(3),
    ADD COLUMN "resyncs" INTEGER NOT NULL DEFAULT 0;
UPDATE "edge" SET "key_enrolled_at" = "enrolled_at", "last_up_at" = "last_seen_at";

-- AlterTable
ALTER TABLE "edge_scope"
    ADD COLUMN "sweep_repaired" INTEGER,
    ADD COLUMN "sweep_blocked_removals" JSONB,
    ADD COLUMN "sweep_released_removals" JSONB;

-- AlterTable
ALTER TABLE "tenant"
    ADD COLUMN "home_pinned" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "home_moved_at" TIMESTAMPTZ(3),
    ADD COLUMN "home_moved_from_id" UUID;

-- CreateTable
CREATE TABLE "gateway_presence" (
    "scope" TEXT NOT NULL,
    "listening_since" TIMESTAMPTZ(3) NOT NULL,
    "listening_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gateway_presence_pkey" PRIMARY KEY ("scope")
);

-- AddForeignKey
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_home_moved_from_id_fkey" FOREIGN KEY ("home_moved_from_id") REFERENCES "edge"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ---- what Prisma's schema language cannot say ----

-- the name of a deleted edge is free again
DROP INDEX "edge_name_key";
CREATE UNIQUE INDEX "edge_name_key" ON "edge" ("name") WHERE "deleted_at" IS NULL;
CREATE INDEX "tenant_home_moved_from_id_idx" ON "tenant" ("home_moved_from_id") WHERE "home_moved_from_id" IS NOT NULL;
ALTER TABLE "edge" ADD CHECK ("state" IN ('active', 'draining', 'drained'));

GRANT SELECT ("state", "lost_at", "deleted_at") ON "edge" TO trunkline_app;
GRANT SELECT, INSERT, UPDATE ON "gateway_presence" TO trunkline_system;
