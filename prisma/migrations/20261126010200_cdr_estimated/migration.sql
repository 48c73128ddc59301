-- The end of the call is its last evidence of life: it ended unseen.
ALTER TABLE "cdr" ADD COLUMN "estimated" BOOLEAN NOT NULL DEFAULT false;
