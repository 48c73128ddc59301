-- Beside Kamailio's own tables in state.db: CDR records waiting to be sent, and the trigger that drops an ended call with its record.
-- No autoincrement: each record would write one page more. An id is used again only when its row is gone, and a row goes when its batch is stored.
create table if not exists spool (
  id integer primary key,
  uid text not null,
  kind text not null,
  he integer,
  hi integer,
  line text not null,
  unique (uid, kind)
);
create trigger if not exists spool_end after insert on spool when new.kind = 'end' and new.hi is not null begin
  delete from dialog where hash_entry = new.he and hash_id = new.hi;
  delete from dialog_vars where hash_entry = new.he and hash_id = new.hi;
end;
