-- Caps by direction of a trunk with channels of its own. A trunk in a group has those of "trunk_channels", which the program before reads as a group's.
ALTER TABLE "trunk"
  ADD COLUMN "own_cap_inbound" INTEGER CHECK ("own_cap_inbound" >= 0),
  ADD COLUMN "own_cap_outbound" INTEGER CHECK ("own_cap_outbound" >= 0);
