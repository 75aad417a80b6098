public import Archive
internal import Documents
internal import Glibc

/// What went wrong with a bundle, a work folder or an output file, on which one, and what to do about it.
public struct BundleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Stable names of what can go wrong.
    public enum Code: String, Sendable, Equatable {
        /// Writing would leave less free space than promised, or there is none.
        case diskFull
        /// A folder or file that others could have planted or can change.
        case unsafePlace
        case exists
        case notFound
        case denied
        /// A path that may not stand in a bundle.
        case invalidPath
        /// Sealed data were changed, cut or mixed up.
        case sealBroken
        /// A file changed while it was packed, or a writer was used after its end.
        case misuse
        /// The archive can't be read; see ``BundleError/archive``.
        case archive
        /// Readable, but no bundle: no top folder, no manifest.
        case notABundle
        /// More bytes than asked for.
        case tooLarge
        /// A key or recipient that can't be used.
        case badKey
        /// A signature that is damaged or of another kind.
        case badSignature
        /// An encrypted bundle without a key for it, or one that was changed.
        case encrypted
        case inputOutput
    }

    /// What went wrong.
    public let code: Code
    /// On what: a path, an entry, an option.
    public let subject: String
    /// In words, without the subject.
    public let reason: String
    /// What to do about it, where something can be done.
    public let hint: String?
    /// The archive's own error for code ``Code/archive``.
    public let archive: ArchiveError?

    public init(_ code: Code, _ subject: String, _ reason: String, hint: String? = nil, archive: ArchiveError? = nil) {
        self.code = code
        self.subject = TerminalText.harmless(subject, maxColumns: 300)
        self.reason = reason
        self.hint = hint
        self.archive = archive
    }

    public init(_ error: ArchiveError, _ subject: String) {
        self.init(
            error.errno.map { BundleError(errno: $0, subject).code } ?? .archive, subject,
            TerminalText.harmless(error.reason, maxColumns: 300), hint: error.hint, archive: error)
    }

    /// From an errno value.
    init(errno number: CInt, _ subject: String) {
        var buffer = [CChar](repeating: 0, count: 256)
        let known = unsafe strerror_r(number, &buffer, buffer.count) == 0
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
        let reason = known ? text : "error \(number)"
        switch number {
        // EFBIG: a limit on the size of files (ulimit -f).
        case ENOSPC, EDQUOT, EFBIG: self.init(.diskFull, subject, reason, hint: BundleError.spaceHint)
        case EEXIST: self.init(.exists, subject, "exists already", hint: "choose another name with --output")
        case ENOENT, ENOTDIR: self.init(.notFound, subject, reason)
        case ELOOP: self.init(.unsafePlace, subject, "is a symbolic link, which is not followed")
        case EACCES, EPERM, EROFS:
            self.init(.denied, subject, reason, hint: "choose a folder you may write with --output or --work-dir")
        case EMFILE, ENFILE:
            self.init(.inputOutput, subject, reason, hint: "raise the limit of open files (ulimit -n) and run it again")
        default:
            self.init(
                .inputOutput, subject, reason,
                hint: "if it happens again, choose another disk with --work-dir and --output")
        }
    }

    static let spaceHint = "free some space, or choose another disk with --work-dir and --output"

    public var description: String { "'\(subject)': \(reason)" }
}
