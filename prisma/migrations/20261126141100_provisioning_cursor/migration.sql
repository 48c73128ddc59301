-- Up to which version it was told that every serving edge has what was wanted. What the edges have already is not told again.
CREATE TABLE "provisioning_cursor" (
    "scope" TEXT NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "provisioning_cursor_pkey" PRIMARY KEY ("scope")
);
INSERT INTO "provisioning_cursor" ("scope", "version") SELECT "scope", "version" FROM "edge_scope";
GRANT SELECT, UPDATE ON "provisioning_cursor" TO trunkline_system;
CREATE INDEX "edge_resource_scope_version_idx" ON "edge_resource"("scope", "version");
