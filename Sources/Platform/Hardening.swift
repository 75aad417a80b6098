internal import CPlatform
internal import Glibc

/// What the process does for its own safety before it touches anything.
public enum Hardening {
    /// No core dump, no ptrace by others, no crash handler that prints memory; files made are private; a C.UTF-8
    /// character type so that libarchive keeps non-ASCII names (its own conversions fail in the C locale).
    public static func forbidLeaks() {
        cp_forbid_dumps()
        umask(0o077)
        chooseCharacters()
    }

    /// The packages bring a C library of their own, and with it the one locale that it needs: their launcher says where
    /// (deploy/packages/launcher.c). Programs that are started from here have the system's library, and must know of
    /// neither.
    private static func chooseCharacters() {
        let home = environment("APIGEE_COLLECT_HOME")
        let before = environment("LOCPATH")
        if let home { unsafe setenv("LOCPATH", home + "/lib/locale", 1) }
        _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
        guard home != nil else { return }
        unsafe unsetenv("APIGEE_COLLECT_HOME")
        if let before { unsafe setenv("LOCPATH", before, 1) } else { unsafe unsetenv("LOCPATH") }
    }

    /// Large blocks of memory go back to the system as soon as they are freed, so that what a run takes at its peak is
    /// what it needs.
    public static func boundMemory() { cp_give_memory_back() }

    /// Lowest CPU priority and idle I/O class, inherited by children.
    public static func yieldToOthers() { cp_yield_to_others() }

    /// The same for a program with a session of its own, which it has no priority in compared with others.
    public static func yieldSession(of process: Int32) { Blocking.detach { cp_yield_session(process) } }

    /// Number of cores this process may run on.
    public static var usableCores: Int { Int(cp_usable_cores()) }
}
