-- An inbound call whose caller withholds its number is refused.
ALTER TABLE "trunk" ADD COLUMN "reject_anonymous" BOOLEAN NOT NULL DEFAULT false;
