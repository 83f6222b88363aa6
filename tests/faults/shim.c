/*
 * Preloaded into a process and its children, counts every operation that changes something below FAULT_FOLDER, and
 * lets the FAULT_AT-th one (from 1) go wrong as FAULT_ACTION says. The count lies in the file FAULT_COUNTER, mapped by
 * all processes, so that "the k-th operation" means the whole tree of processes.
 *
 *   count              nothing happens
 *   before, after      SIGKILL at that moment
 *   half               half of a write, then SIGKILL
 *   pause              SIGSTOP before it
 *   once:<errno>       that operation fails
 *   sync:<errno>       the FAULT_AT-th fsync fails, after which the bytes may or may not be on the disk
 *   full:<errno>       from then on everything that needs space fails, a write after its first half
 *   all:<errno>        from then on everything fails
 *
 * Every operation is appended to FAULT_LOG, and once more, as "failed", where it goes wrong. FAULT_KILL=tree kills the
 * whole process group instead of the process. FAULT_HOST is the machine's name that is seen. With FAULT_NETWORK=none no
 * connection can be made, as on a machine without any network.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))
enum { NEEDS_SPACE = 1, IS_WRITE = 2, IS_SYNC = 4 };
enum verdict { PROCEED, FAIL, HALF };

struct shared { long operations, syncs, fired; };
static struct shared *shared, nothing;
static const char *folder, *action;
static size_t folder_length;
static long at;
static int error_code, kill_tree, log_file = -1;

__attribute__((constructor)) static void start(void) {
  shared = &nothing;
  folder = getenv("FAULT_FOLDER");
  action = getenv("FAULT_ACTION");
  const char *counter = getenv("FAULT_COUNTER"), *log = getenv("FAULT_LOG"), *place = getenv("FAULT_AT");
  if (!folder || !action || !counter) { folder = NULL; return; }
  folder_length = strlen(folder);
  at = place ? atol(place) : 0;
  kill_tree = getenv("FAULT_KILL") && !strcmp(getenv("FAULT_KILL"), "tree");
  const char *colon = strchr(action, ':');
  if (colon) error_code = atoi(colon + 1);
  int file = syscall(SYS_openat, AT_FDCWD, counter, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0 || syscall(SYS_ftruncate, file, sizeof *shared)) abort();
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED) abort();
  if (log) log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

static int inside(const char *path) {
  return folder && path && !strncmp(path, folder, folder_length) &&
         (path[folder_length] == '/' || path[folder_length] == 0);
}

static const char *path_of(int fd, char *buffer) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, PATH_MAX);
  if (length < 0) return NULL;
  buffer[length] = 0;
  return buffer;
}

static void die(void) {
  kill(kill_tree ? 0 : getpid(), SIGKILL);
  for (;;) pause();
}

static int is(const char *name) { return !strncmp(action, name, strlen(name)); }

static void note(long number, const char *failed, const char *name, const char *path) {
  if (log_file < 0) return;
  char line[PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%ld %s%s %s\n", number, failed, name, path + folder_length);
  syscall(SYS_write, log_file, line, length);
}

/* What becomes of the operation with this number, and among the fsyncs with that one. */
static enum verdict decide(int kind, long number, long sync) {
  int due = number == at, later = number > at;
  if (is("sync:")) { if (sync == at) { shared->fired++; errno = error_code; return FAIL; } return PROCEED; }
  if (is("full:")) {
    if ((!due && !later) || !(kind & NEEDS_SPACE)) return PROCEED;
    /* The disk is full when a write has got half of its bytes in. */
    int first = __atomic_fetch_add(&shared->fired, 1, __ATOMIC_SEQ_CST) == 0;
    if (first && (kind & IS_WRITE)) return HALF;
    errno = error_code;
    return FAIL;
  }
  if (!due && !(later && is("all:"))) return PROCEED;
  if (is("count")) return PROCEED;
  shared->fired++;
  if (is("before")) die();
  if (is("half")) { if (kind & IS_WRITE) return HALF; die(); }
  if (is("pause")) { kill(getpid(), SIGSTOP); return PROCEED; }
  if (is("after")) return PROCEED;
  errno = error_code;
  return FAIL;
}

static enum verdict judge(const char *name, const char *path, int kind, long *mine) {
  *mine = __atomic_add_fetch(&shared->operations, 1, __ATOMIC_SEQ_CST);
  long sync = kind & IS_SYNC ? __atomic_add_fetch(&shared->syncs, 1, __ATOMIC_SEQ_CST) : 0;
  note(*mine, "", name, path);
  enum verdict verdict = decide(kind, *mine, sync);
  if (verdict == FAIL) { int kept = errno; note(*mine, "failed ", name, path); errno = kept; }
  return verdict;
}

static void done(long mine) { if (mine == at && is("after")) die(); }

#define GUARD(result, name, path, kind, call)              \
  if (!inside(path)) return call;                          \
  long mine;                                               \
  if (judge(name, path, kind, &mine) == FAIL) return -1;   \
  result = call;                                           \
  int kept = errno;                                        \
  done(mine);                                              \
  errno = kept;                                            \
  return result

#define OPEN(name)                                                                        \
  int name(const char *path, int flags, ...) {                                            \
    va_list rest;                                                                         \
    va_start(rest, flags);                                                                \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                             \
    va_end(rest);                                                                         \
    int result;                                                                           \
    if ((flags & O_ACCMODE) == O_RDONLY) return REAL(name)(path, flags, mode);            \
    GUARD(result, "open", path, flags & O_CREAT ? NEEDS_SPACE : 0, REAL(name)(path, flags, mode)); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                      \
  int name(int at_folder, const char *path, int flags, ...) {                             \
    va_list rest;                                                                         \
    va_start(rest, flags);                                                                \
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;                             \
    va_end(rest);                                                                         \
    int result;                                                                           \
    if ((flags & O_ACCMODE) == O_RDONLY) return REAL(name)(at_folder, path, flags, mode); \
    GUARD(result, "open", path, flags & O_CREAT ? NEEDS_SPACE : 0, REAL(name)(at_folder, path, flags, mode)); \
  }
OPENAT(openat)
OPENAT(openat64)

/* `whole` and `part` write everything and the first half. */
#define WRITE(fd, whole, part)                                                            \
  char buffer[PATH_MAX + 1];                                                              \
  const char *path = folder ? path_of(fd, buffer) : NULL;                                 \
  if (!inside(path)) return whole;                                                        \
  long mine;                                                                              \
  enum verdict verdict = judge("write", path, NEEDS_SPACE | IS_WRITE, &mine);             \
  if (verdict == FAIL) return -1;                                                         \
  ssize_t result = verdict == HALF ? part : whole;                                        \
  if (verdict == HALF && is("half")) die();                                               \
  done(mine);                                                                             \
  return result

ssize_t write(int fd, const void *bytes, size_t n) {
  WRITE(fd, REAL(write)(fd, bytes, n), REAL(write)(fd, bytes, n / 2));
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t o) {
  WRITE(fd, REAL(pwrite)(fd, bytes, n, o), REAL(pwrite)(fd, bytes, n / 2, o));
}
ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t o) {
  WRITE(fd, REAL(pwrite64)(fd, bytes, n, o), REAL(pwrite64)(fd, bytes, n / 2, o));
}
ssize_t writev(int fd, const struct iovec *v, int n) {
  WRITE(fd, REAL(writev)(fd, v, n), REAL(write)(fd, v->iov_base, v->iov_len / 2));
}
ssize_t pwritev(int fd, const struct iovec *v, int n, off_t o) {
  WRITE(fd, REAL(pwritev)(fd, v, n, o), REAL(pwrite)(fd, v->iov_base, v->iov_len / 2, o));
}

#define ON_FILE(name, kind, parameters, ...)                                              \
  int name parameters {                                                                   \
    char buffer[PATH_MAX + 1];                                                            \
    const char *path = folder ? path_of(fd, buffer) : NULL;                               \
    int result;                                                                           \
    GUARD(result, #name, path, kind, REAL(name)(__VA_ARGS__));                            \
  }
ON_FILE(fsync, IS_SYNC, (int fd), fd)
ON_FILE(fdatasync, IS_SYNC, (int fd), fd)
ON_FILE(ftruncate, 0, (int fd, off_t length), fd, length)
ON_FILE(ftruncate64, 0, (int fd, off64_t length), fd, length)

#define ON_PATH(name, kind, parameters, ...)                                              \
  int name parameters {                                                                   \
    int result;                                                                           \
    GUARD(result, #name, path, kind, REAL(name)(__VA_ARGS__));                            \
  }
ON_PATH(mkdir, NEEDS_SPACE, (const char *path, mode_t mode), path, mode)
ON_PATH(rmdir, 0, (const char *path), path)
ON_PATH(unlink, 0, (const char *path), path)
ON_PATH(unlinkat, 0, (int base, const char *path, int flags), base, path, flags)
ON_PATH(rename, 0, (const char *from, const char *path), from, path)
ON_PATH(renameat, 0, (int a, const char *from, int b, const char *path), a, from, b, path)
ON_PATH(link, NEEDS_SPACE, (const char *from, const char *path), from, path)
ON_PATH(symlink, NEEDS_SPACE, (const char *from, const char *path), from, path)
ON_PATH(utimensat, 0, (int base, const char *path, const struct timespec times[2], int flags), base, path, times, flags)

int gethostname(char *name, size_t n) {
  const char *host = getenv("FAULT_HOST");
  if (!host) return REAL(gethostname)(name, n);
  snprintf(name, n, "%s", host);
  return 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t n) {
  const char *network = getenv("FAULT_NETWORK");
  int local = address && address->sa_family == AF_UNIX;
  if (!network || strcmp(network, "none") || local) return REAL(connect)(fd, address, n);
  errno = ENETUNREACH;
  return -1;
}
