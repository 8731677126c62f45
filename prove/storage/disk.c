/* A disk that answers with an error when it is told to, and forgets what it was not made to keep when the power
 * goes. Put before the C library by LD_PRELOAD; a process that asks for nothing gets the disk that there is.
 *
 * Of a database it sees the file and its log, not the shared memory beside them, which no restart outlives.
 * That a new file, or the end of one, might be lost with its folder is not played. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, READ = 4, SEND = 8 };
enum { FILES = 8, DESCRIPTORS = 4096 };

struct change {
    int file;
    off64_t at, length; /* length: of the file before */
    size_t size, known; /* known: how many of the bytes that were overwritten there had been */
    char *before, *after; /* after: NULL where the file was cut short */
    struct change *older;
};

static char watched[4096], names[FILES][4096];
static int file_of[DESCRIPTORS]; /* 1 + number of the file */
static struct change *newest;
static int failing, cutting;
static long fail_from, fail_times, cut_at, keep, calls, cuts, opened, synced;
static FILE *told;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

/* ---- what a test says ---- */

void disk_watch(const char *path) { snprintf(watched, sizeof watched, "%s", path); }

void disk_fail(int kinds, long from, long times) {
    failing = kinds, fail_from = from, fail_times = times, calls = 0;
}

void disk_cut(int kinds, long at, unsigned seed, long share) {
    cutting = kinds, cut_at = at, cuts = 0, keep = share;
    srandom(seed);
}

void disk_tell(const char *path) { told = path ? fopen(path, "a") : NULL; }

void disk_note(const char *word) {
    if (told) fprintf(told, "%s\n", word), fflush(told);
}

long disk_calls(void) { return calls; }
long disk_cuts(void) { return cuts; }
long disk_opened(void) { return opened; }
long disk_synced(void) { return synced; }

/* ---- what happens ---- */

static void undo(const struct change *one) {
    int fd = REAL(open64)(names[one->file], O_RDWR);
    if (fd < 0) return;
    if (one->known) REAL(pwrite64)(fd, one->before, one->known, one->at);
    REAL(ftruncate64)(fd, one->length);
    REAL(close)(fd);
}

static void again(const struct change *one) {
    int fd = REAL(open64)(names[one->file], O_RDWR);
    if (fd < 0) return;
    if (one->after) REAL(pwrite64)(fd, one->after, one->size, one->at);
    else REAL(ftruncate64)(fd, one->at);
    REAL(close)(fd);
}

static void repeat_some(const struct change *one) {
    if (!one) return;
    repeat_some(one->older);
    if (random() % 100 < keep) again(one);
}

static void power_cut(void) {
    for (const struct change *one = newest; one; one = one->older) undo(one);
    repeat_some(newest);
    raise(SIGKILL);
}

/* Nonzero when the disk answers with an error. */
static int happens(int kind, int fd) {
    if (told && kind != READ) {
        const char *name = fd >= 0 && fd < DESCRIPTORS && file_of[fd] ? names[file_of[fd] - 1] : "";
        const char *verb = kind == WRITE ? "write" : kind == SYNC ? "sync" : "send";
        fprintf(told, "%s %s\n", verb, strrchr(name, '/') ? strrchr(name, '/') + 1 : name), fflush(told);
    }
    if ((cutting & kind) && ++cuts == cut_at) power_cut();
    if (!(failing & kind)) return 0;
    calls++;
    if (calls < fail_from || calls >= fail_from + fail_times) return 0;
    errno = EIO;
    return 1;
}

static int is_watched(int fd) { return fd >= 0 && fd < DESCRIPTORS && file_of[fd]; }

static void remember(int fd, off64_t at, size_t size, const void *after) {
    struct stat64 now;
    fstat64(fd, &now);
    size_t known = now.st_size > at ? (size_t)(now.st_size - at) : 0;
    if (after && known > size) known = size;
    struct change *one = calloc(1, sizeof *one);
    *one = (struct change){file_of[fd] - 1, at, now.st_size, size, known, malloc(known + 1), NULL, newest};
    if (known && REAL(pread64)(fd, one->before, known, at) != (ssize_t)known) abort();
    if (after) one->after = memcpy(malloc(size + 1), after, size);
    newest = one;
}

static void keep_all(int file) {
    struct change **link = &newest;
    while (*link) {
        struct change *one = *link;
        if (one->file != file) {
            link = &one->older;
            continue;
        }
        *link = one->older;
        free(one->before), free(one->after), free(one);
    }
}

/* ---- what the database and the mails call ---- */

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int fd = REAL(open64)(path, flags, va_arg(rest, mode_t));
    va_end(rest);
    size_t length = strlen(path);
    if (fd < 0 || fd >= DESCRIPTORS) return fd;
    file_of[fd] = 0;
    if (!*watched || strncmp(path, watched, strlen(watched)) || !strcmp(path + length - 4, "-shm")) return fd;
    for (int n = 0; n < FILES; n++) {
        if (*names[n] && strcmp(names[n], path)) continue;
        snprintf(names[n], sizeof names[n], "%s", path);
        file_of[fd] = n + 1;
        opened++;
        break;
    }
    return fd;
}

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) file_of[fd] = 0;
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    if (!is_watched(fd)) return REAL(pwrite64)(fd, data, size, at);
    pthread_mutex_lock(&lock);
    int fails = happens(WRITE, fd);
    if (!fails && cutting) remember(fd, at, size, data);
    pthread_mutex_unlock(&lock);
    return fails ? -1 : REAL(pwrite64)(fd, data, size, at);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t at) {
    if (is_watched(fd) && (failing & READ) && happens(READ, fd)) return -1;
    return REAL(pread64)(fd, data, size, at);
}

int ftruncate64(int fd, off64_t at) {
    if (!is_watched(fd)) return REAL(ftruncate64)(fd, at);
    pthread_mutex_lock(&lock);
    int fails = happens(WRITE, fd);
    if (!fails && cutting) remember(fd, at, 0, NULL);
    pthread_mutex_unlock(&lock);
    return fails ? -1 : REAL(ftruncate64)(fd, at);
}

int fdatasync(int fd) {
    if (!is_watched(fd)) return REAL(fdatasync)(fd);
    pthread_mutex_lock(&lock);
    int fails = happens(SYNC, fd);
    if (!fails) keep_all(file_of[fd] - 1), synced++;
    pthread_mutex_unlock(&lock);
    return fails ? -1 : 0; /* it need not reach a real disk here */
}

int unlink(const char *path) {
    for (int n = 0; n < FILES; n++)
        if (*watched && !strcmp(names[n], path)) keep_all(n);
    return REAL(unlink)(path);
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    int dot = size >= 5 && !memcmp((const char *)data + size - 5, "\r\n.\r\n", 5);
    if (*watched) {
        if (dot) disk_note("dot");
        happens(SEND, -1);
    }
    return REAL(send)(fd, data, size, flags);
}
