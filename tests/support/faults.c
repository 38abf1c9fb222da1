/* A disk that fails on purpose, and one that says what was written to it.

   Loaded before the C library (LD_PRELOAD), it stands between a process and the calls that write,
   read and sync the files of one folder; all other files are left alone. It does nothing until it
   is told to: `faults_watch` names the folder and a file for the trace, `faults_fail` a call that
   fails. See faults.py. Linux only: it asks /proc which file a descriptor is of.

   Each call is of a kind, one letter: r read, w write, s sync, t truncate, c open a file that is
   not there yet, o open any other, u unlink, m rename. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static char folder[PATH_MAX]; /* empty: nothing is watched */
static int trace = -1;
static char kinds[16]; /* that count, and can fail */
static long left;      /* calls until one fails; 0: none does */
static int given, lasting, partly;
static int failing; /* a lasting fault has begun */

void faults_watch(const char *path, int into) {
  snprintf(folder, sizeof folder, "%s", path);
  trace = into;
}

void faults_fail(const char *which, long nth, int error, int for_good, int half) {
  snprintf(kinds, sizeof kinds, "%s", which);
  left = nth, given = error, lasting = for_good, partly = half, failing = 0;
}

int faults_reached(void) { return left == 0; }

static int watched(const char *path) {
  size_t length = strlen(folder);
  return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static const char *named(int file) {
  static char path[PATH_MAX];
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  int before = errno;
  ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  path[length < 0 ? 0 : length] = 0;
  return path;
}

/* 1 when a call is to fail (errno is set), 2 when half of a write is to be done, else 0. */
static int fails(char kind, const char *path) {
  if (!watched(path) || !strchr(kinds, kind)) return 0;
  if (failing) return errno = given, 1;
  if (!left || --left) return 0;
  failing = lasting;
  if (partly && kind == 'w') return 2;
  return errno = given, 1;
}

static void note(char kind, const char *path, long long at, const void *data, size_t size) {
  char line[PATH_MAX + 64];
  if (trace < 0 || !watched(path)) return;
  int length = snprintf(line, sizeof line, "%c %lld %zu %s\n", kind, at, size, path);
  if (REAL(write)(trace, line, length) != length) _exit(99);
  if (size && REAL(write)(trace, data, size) != (ssize_t)size) _exit(99);
}

#define READS(name, parameters, arguments)               \
  ssize_t name parameters {                              \
    if (folder[0] && fails('r', named(file))) return -1; \
    return REAL(name) arguments;                         \
  }
READS(read, (int file, void *data, size_t size), (file, data, size))
READS(pread, (int file, void *data, size_t size, off_t at), (file, data, size, at))
READS(pread64, (int file, void *data, size_t size, off64_t at), (file, data, size, at))

#define WRITES(name, parameters, arguments, at)               \
  ssize_t name parameters {                                   \
    if (!folder[0]) return REAL(name) arguments;              \
    const char *path = named(file);                           \
    int how = fails('w', path);                               \
    if (how == 1) return -1;                                  \
    if (how == 2) size = size / 2;                            \
    long long from = at;                                      \
    ssize_t done = REAL(name) arguments;                      \
    if (done > 0) note('w', path, from, data, (size_t)done);  \
    return done;                                              \
  }
WRITES(write, (int file, const void *data, size_t size), (file, data, size),
       lseek(file, 0, SEEK_CUR))
WRITES(pwrite, (int file, const void *data, size_t size, off_t at), (file, data, size, at), at)
WRITES(pwrite64, (int file, const void *data, size_t size, off64_t at), (file, data, size, at), at)

#define CHANGES(name, kind, parameters, arguments, path, at, text)       \
  int name parameters {                                                  \
    if (!folder[0]) return REAL(name) arguments;                         \
    const char *which = path;                                            \
    if (fails(kind, which)) return -1;                                   \
    int done = REAL(name) arguments;                                     \
    if (!done) note(kind, which, at, text, strlen(text));     \
    return done;                                                         \
  }
CHANGES(fsync, 's', (int file), (file), named(file), 0, "")
CHANGES(fdatasync, 's', (int file), (file), named(file), 0, "")
CHANGES(ftruncate, 't', (int file, off_t size), (file, size), named(file), size, "")
CHANGES(ftruncate64, 't', (int file, off64_t size), (file, size), named(file), size, "")
CHANGES(unlink, 'u', (const char *path), (path), path, 0, "")
CHANGES(rename, 'm', (const char *path, const char *to), (path, to), path, 0, to)

#define OPENS(name, parameters, arguments)                         \
  int name parameters {                                            \
    va_list rest;                                                  \
    va_start(rest, flags);                                         \
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, int) : 0; \
    va_end(rest);                                                  \
    if (!folder[0]) return REAL(name) arguments;                   \
    char kind = flags & O_CREAT && access(path, F_OK) ? 'c' : 'o'; \
    errno = 0;                                                     \
    if (fails(kind, path)) return -1;                              \
    int file = REAL(name) arguments;                               \
    if (file >= 0 && kind == 'c') note('c', path, 0, NULL, 0);     \
    if (file >= 0 && flags & O_TRUNC) note('t', path, 0, NULL, 0); \
    return file;                                                   \
  }
OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENS(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))
