/*
 * Kamailio's db_sqlite sets no busy timeout: of two processes that write at once one fails and its record is lost. Preloaded, this gives
 * every connection five seconds to wait, and the synchronous mode that suits a write-ahead log. It must be linked with SQLite, or the
 * start hangs. The prototypes are spelt out so that SQLite's development package is not needed.
 *   gcc -shared -fPIC -O2 -o sqlbusy.so sqlbusy.c -Wl,--no-as-needed -l:libsqlite3.so.0 -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

typedef struct sqlite3 sqlite3;
int sqlite3_busy_timeout(sqlite3 *, int);
int sqlite3_exec(sqlite3 *, const char *, void *, void *, char **);

int sqlite3_open_v2(const char *file, sqlite3 **db, int flags, const char *vfs) {
  static int (*real)(const char *, sqlite3 **, int, const char *);
  if (real == NULL) real = (int (*)(const char *, sqlite3 **, int, const char *))dlsym(RTLD_NEXT, "sqlite3_open_v2");
  int rc = real(file, db, flags, vfs);
  if (rc == 0) {
    sqlite3_busy_timeout(*db, 5000);
    sqlite3_exec(*db, "PRAGMA synchronous=NORMAL", NULL, NULL, NULL);
  }
  return rc;
}
