#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

int cp_openat(int directory, const char *path, int flags, unsigned int mode) {
    int descriptor;
    do {
        descriptor = openat(directory, path, flags, mode);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

int cp_open_nameless(const char *folder) {
    int descriptor = cp_openat(AT_FDCWD, folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        /* Linux before 3.11, and file systems without it. */
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/.apigee-collect-XXXXXX", folder);
        if (length < 0 || (size_t)length >= sizeof path) return -1;
        descriptor = mkostemp(path, O_CLOEXEC);
        if (descriptor < 0) return -1;
        unlink(path);
    }
    struct statfs status;
    if (fstatfs(descriptor, &status) == 0 && status.f_type != TMPFS_MAGIC && status.f_type != RAMFS_MAGIC)
        return descriptor;
    close(descriptor);
    return -1;
}

/* libdispatch gives each thread that it starts a nice value by its class of service, 0 or even -4, which only root may
   do: the threads of a run, and all that they start, would not stay at the lowest priority. */
static void keep_priority(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return;
    unsigned int others = ~(1u << CAP_SYS_NICE);
    sets[0].effective &= others;
    sets[0].permitted &= others;
    sets[0].inheritable &= others;
    syscall(SYS_capset, &header, sets);
}

void cp_forbid_dumps(void) {
    keep_priority();
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    /* A limit on the size of files (ulimit -f) is a full disk, not a reason to die. */
    signal(SIGXFSZ, SIG_IGN);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS};
    for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
}

int cp_set_thread_fs_identity(uid_t user, gid_t group, const gid_t *groups, size_t count) {
    /* Groups first: dropping the user may take away the right to change them. On the way back the user comes
       first for the same reason; trying both orders is simpler than knowing the direction. */
    long result = syscall(SYS_setgroups, count, groups);
    setfsgid(group);
    setfsuid(user);
    if (result != 0) result = syscall(SYS_setgroups, count, groups);
    if ((gid_t)setfsgid((gid_t)-1) != group || (uid_t)setfsuid((uid_t)-1) != user) return EPERM;
    return result == 0 ? 0 : errno;
}

void cp_give_memory_back(void) {
#ifdef __GLIBC__
    /* Setting the threshold keeps glibc from raising it to the size of each large block that was freed. */
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

/* Returns whether a thread was still at another priority. */
static int yield_threads(void) {
    DIR *folder = opendir("/proc/self/task");
    if (!folder) return 0;
    int changed = 0;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        id_t thread = (id_t)strtoul(entry->d_name, NULL, 10);
        if (thread == 0) continue;
        errno = 0;
        if (getpriority(PRIO_PROCESS, thread) < 19 && errno == 0) changed = 1;
        setpriority(PRIO_PROCESS, thread, 19);
        /* ioprio_set(IOPRIO_WHO_PROCESS, thread, IOPRIO_CLASS_IDLE): glibc has no wrapper. */
        syscall(SYS_ioprio_set, 1, thread, 3 << 13);
    }
    closedir(folder);
    return changed;
}

void cp_yield_session(int process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/autogroup", process);
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return;
    /* But for root the kernel takes one such change in a tenth of a second. */
    for (int attempt = 0; write(file, "19", 2) < 0 && (errno == EAGAIN || errno == EINTR) && attempt < 20; attempt++)
        usleep(60000);
    close(file);
}

void cp_yield_to_others(void) {
    /* The group of a session that is not this process's own is the shell's as well, and could not be given back. */
    if (getsid(0) == getpid()) cp_yield_session(getpid());
    setpriority(PRIO_PROCESS, 0, 19);
    syscall(SYS_ioprio_set, 1, 0, 3 << 13);
    /* On Linux both hold for one thread; those that are there already may start others and the children. A thread
       that was started meanwhile by one not yet changed is found by the next pass. */
    for (int pass = 0; pass < 8 && yield_threads(); pass++) {}
}

static volatile int signal_descriptor = -1;
static volatile sig_atomic_t first_end_signal = 0;

static void report_signal(int number) {
    int saved = errno;
    if (first_end_signal == 0 && number != SIGHUP) first_end_signal = number;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(signal_descriptor, &byte, 1);
    (void)ignored;
    errno = saved;
}

int cp_first_end_signal(void) { return first_end_signal; }

void cp_report_signals(int descriptor) {
    signal_descriptor = descriptor;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = report_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    int reported[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++) sigaction(reported[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int cp_usable_cores(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count;
}

int cp_set_echo(int descriptor, int on) {
    struct termios state;
    if (tcgetattr(descriptor, &state) != 0) return errno;
    if (on) state.c_lflag |= ECHO; else state.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(descriptor, TCSAFLUSH, &state) == 0 ? 0 : errno;
}

int cp_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int cp_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

static int word_count;
static char **words;

__attribute__((constructor)) static void keep_words(int argc, char **argv) {
    word_count = argc;
    words = argv;
}

const char *cp_command_word(int index) { return index < word_count ? words[index] : NULL; }
