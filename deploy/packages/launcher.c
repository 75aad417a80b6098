/*
 * bin/apigee-collect of the packages: starts ../libexec/apigee-collect with the loader and the libraries that lie
 * beside it, so that the system's own C library may be older, or missing.
 *
 * They are named on the loader's command line and not in LD_LIBRARY_PATH: what the program starts (tcpdump, jstack, psql)
 * must run with the system's libraries. Linked statically, so that it needs nothing itself; works through links, from
 * wherever the folder was put.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static int fail(const char *what, const char *hint) {
    fprintf(stderr, "apigee-collect: error: %s: %s\napigee-collect: hint: %s\n", what, strerror(errno), hint);
    return 1;
}

/* The folder that holds bin/, lib/ and libexec/. Without /proc the kernel's note of what was started has to do. */
static int find_home(char *home) {
    ssize_t length = readlink("/proc/self/exe", home, PATH_MAX - 1);
    if (length > 0) {
        home[length] = 0;
    } else {
        const char *started = (const char *)getauxval(AT_EXECFN);
        if (started == NULL || realpath(started, home) == NULL) return 0;
    }
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(home, '/');
        if (slash == NULL) return 0;
        *slash = 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    char home[PATH_MAX], loader[PATH_MAX + 32], libraries[PATH_MAX + 32], program[PATH_MAX + 32];
    if (!find_home(home)) return fail("can't tell where it lies", "mount /proc, or start it by its full path");
    if (strpbrk(home, ":;$") != NULL) {
        errno = EINVAL;
        return fail(home, "the loader can't use a folder with ':', ';' or '$' in its name: move it");
    }
    /* A link to the loader, so that ps and pgrep show the program's name. */
    snprintf(loader, sizeof loader, "%s/lib/apigee-collect", home);
    snprintf(libraries, sizeof libraries, "%s/lib", home);
    snprintf(program, sizeof program, "%s/libexec/apigee-collect", home);

    char **words = calloc((size_t)argc + 8, sizeof *words);
    if (words == NULL) return fail("no memory", "free some");
    int count = 0;
    words[count++] = loader;
    words[count++] = "--inhibit-cache";
    words[count++] = "--library-path";
    words[count++] = libraries;
    words[count++] = "--argv0";
    words[count++] = argc > 0 ? argv[0] : "apigee-collect";
    words[count++] = program;
    for (int index = 1; index < argc; index++) words[count++] = argv[index];

    /* Made for the system's C library, not for this one. */
    unsetenv("LD_PRELOAD");
    unsetenv("LD_AUDIT");
    /* Where the program finds its locale; it takes this out of the environment. */
    if (setenv("APIGEE_COLLECT_HOME", home, 1) != 0) return fail("no memory", "free some");
    execv(loader, words);
    return fail(loader, "the folder is not whole: unpack or install it again");
}
