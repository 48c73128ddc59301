/*
 * A disk without room, for one process: preloaded, while the file FLAG exists a write that would make a file below FOLDER longer fails
 * with ENOSPC, as on a full disk, and what is there may be written over. Needs no right to mount anything.
 *   gcc -shared -fPIC -O2 -DFLAG='"…"' -DFOLDER='"…/"' -o full-disk.so full-disk.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int refused(int fd, off_t end) {
  int before = errno;
  struct stat file;
  char link[40], path[4096];
  if (access(FLAG, F_OK) != 0) goto fine;
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || end <= file.st_size) goto fine;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) goto fine;
  path[length] = 0;
  if (strncmp(path, FOLDER, strlen(FOLDER)) == 0) {
    errno = ENOSPC;
    return 1;
  }
fine:
  errno = before;
  return 0;
}

static off_t place(int fd) {
  struct stat file;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &file) == 0) return file.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

static off_t sum(const struct iovec *parts, int count) {
  off_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += parts[i].iov_len;
  return bytes;
}

#define REAL(name) (__typeof__(&name)) dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t count) {
  int before = errno;
  off_t at = place(fd);
  errno = before;
  return at >= 0 && refused(fd, at + count) ? -1 : (REAL(write))(fd, data, count);
}
ssize_t pwrite(int fd, const void *data, size_t count, off_t at) { return refused(fd, at + count) ? -1 : (REAL(pwrite))(fd, data, count, at); }
ssize_t pwrite64(int fd, const void *data, size_t count, off64_t at) { return refused(fd, at + count) ? -1 : (REAL(pwrite64))(fd, data, count, at); }
ssize_t pwritev(int fd, const struct iovec *v, int n, off_t at) { return refused(fd, at + sum(v, n)) ? -1 : (REAL(pwritev))(fd, v, n, at); }
ssize_t pwritev64(int fd, const struct iovec *v, int n, off64_t at) { return refused(fd, at + sum(v, n)) ? -1 : (REAL(pwritev64))(fd, v, n, at); }
int posix_fallocate(int fd, off_t at, off_t count) { return refused(fd, at + count) ? ENOSPC : (REAL(posix_fallocate))(fd, at, count); }
int posix_fallocate64(int fd, off64_t at, off64_t count) { return refused(fd, at + count) ? ENOSPC : (REAL(posix_fallocate64))(fd, at, count); }
