import Glibc

/// A UTF-8 character set for libarchive, on the calling thread only.
///
/// libarchive translates names through the C locale: in the "C" locale, which a library must not change for the
/// whole process, every non-ASCII name is damaged or refused. `uselocale` changes it for one thread, for one call.
enum TextLocale {
    private nonisolated(unsafe) static let utf8: locale_t? = unsafe newlocale(1 << CInt(LC_CTYPE), "C.UTF-8", nil)

    static func withUTF8<Result>(_ body: () -> Result) -> Result {
        // Without that locale (a bare chroot) libarchive marks such names as binary; still whole, only less pretty.
        guard let utf8 = unsafe utf8 else { return body() }
        let previous = unsafe uselocale(utf8)
        defer { _ = unsafe uselocale(previous) }
        return body()
    }
}
