/* Lets a system call of the program fail, or kills the program right after one.
 *
 * Loaded with LD_PRELOAD. FAILING_CALL is "<call> <first> <last> <errno> <file>": the calls with
 * these numbers fail with this errno, where only calls on a file with this ending count. With the
 * errno 0 the first of them succeeds, and then the process is killed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum outcome { NORMAL, FAILS, KILLS };

static int ends_with(const char *path, const char *end) {
    size_t length = strlen(path), wanted = strlen(end);
    return length >= wanted && strcmp(path + length - wanted, end) == 0;
}

static enum outcome outcome_of(const char *call, const char *path) {
    static int seen; /* only one kind of call counts in a process */
    char wanted[16], end[64];
    int first, last, code;
    const char *fault = getenv("FAILING_CALL");
    if (!fault || sscanf(fault, "%15s %d %d %d %63s", wanted, &first, &last, &code, end) != 5)
        return NORMAL;
    if (strcmp(call, wanted) != 0 || !ends_with(path, end))
        return NORMAL;
    seen++;
    if (seen < first || seen > last)
        return NORMAL;
    errno = code;
    return code ? FAILS : KILLS;
}

static enum outcome outcome_of_descriptor(const char *call, int descriptor) {
    char link[64], path[4096];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0)
        return NORMAL;
    path[length] = 0;
    return outcome_of(call, path);
}

#define CALL(type, name, path_outcome, parameters, arguments)                                      \
    type name parameters {                                                                         \
        enum outcome outcome = path_outcome;                                                       \
        if (outcome == FAILS)                                                                      \
            return -1;                                                                             \
        type (*real) parameters = (type (*) parameters) dlsym(RTLD_NEXT, #name);                   \
        type result = real arguments;                                                              \
        if (outcome == KILLS)                                                                      \
            kill(getpid(), SIGKILL);                                                               \
        return result;                                                                             \
    }

CALL(ssize_t, write, outcome_of_descriptor("write", descriptor),
     (int descriptor, const void *content, size_t size), (descriptor, content, size))
CALL(int, fsync, outcome_of_descriptor("fsync", descriptor), (int descriptor), (descriptor))
CALL(int, ftruncate, outcome_of_descriptor("ftruncate", descriptor),
     (int descriptor, off_t size), (descriptor, size))
CALL(int, ftruncate64, outcome_of_descriptor("ftruncate", descriptor),
     (int descriptor, off64_t size), (descriptor, size))
CALL(int, rename, outcome_of("rename", before), (const char *before, const char *after),
     (before, after))
