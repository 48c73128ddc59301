-- A member's role is changed by those who read it: of two who read the same, one is told.
ALTER TABLE "member" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 1;
