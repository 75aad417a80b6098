#pragma once

#include <stddef.h>
#include <sys/types.h>

/// openat(2) without the C variadic argument, which Swift cannot call. Retries on EINTR.
int cp_openat(int directory, const char *path, int flags, unsigned int mode);

/// Forbids core dumps and reading this process's memory by others (RLIMIT_CORE, PR_SET_DUMPABLE), and gives the
/// crash signals their default action, so that no handler prints memory.
void cp_forbid_dumps(void);

/// Large blocks go back to the system as soon as they are freed.
void cp_give_memory_back(void);

/// Sets the file-system identity of the calling thread alone (setfsuid(2), setfsgid(2), setgroups(2) by raw
/// system call, which unlike glibc's wrapper does not touch other threads). Returns 0, or an errno.
int cp_set_thread_fs_identity(uid_t user, gid_t group, const gid_t *groups, size_t count);

/// Lowest CPU priority and idle I/O class, for this process and its children.
void cp_yield_to_others(void);

/// Lowest priority for the session of a process among all sessions: where the kernel groups tasks by session
/// (sched_autogroup), nice values hold within a session alone. May wait for a second.
void cp_yield_session(int process);

/// From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT each write one byte, the signal's number, to `descriptor`.
void cp_report_signals(int descriptor);

/// The first of SIGINT, SIGQUIT and SIGTERM that came since cp_report_signals(), or 0.
int cp_first_end_signal(void);

/// Number of cores this process may run on, at least 1.
int cp_usable_cores(void);

/// Whether the terminal behind `descriptor` echoes; turns echo off or on. Returns 0, or an errno.
int cp_set_echo(int descriptor, int on);

/// Columns of the terminal behind `descriptor`, or 0.
int cp_terminal_columns(int descriptor);

/// Opens a new file without a name in `folder`, for this process alone; not in a file system that lives in memory.
/// Returns the descriptor, or -1.
int cp_open_nameless(const char *folder);

/// pipe2(2) with O_CLOEXEC. Returns 0, or an errno.
int cp_pipe(int ends[2]);

/// The word of the command line at `index`, 0 being the program's name; null behind the last one. Kept before main from
/// what the C library hands to every constructor.
const char *cp_command_word(int index);
