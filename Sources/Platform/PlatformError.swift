internal import Glibc

/// A system call that failed, and on what.
public struct PlatformError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case notFound, denied, symbolicLink, notRegular, hardLink, outsideRoot, inputOutput, noSuchUser, unsafeOwner
    }

    public let code: Code
    public let subject: String
    public let reason: String
    public let hint: String?

    public init(_ code: Code, _ subject: String, _ reason: String, hint: String? = nil) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.hint = hint
    }

    /// From an errno value.
    public init(errno number: Int32, _ subject: String) {
        let code: Code =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM: .denied
            case ELOOP: .symbolicLink
            default: .inputOutput
            }
        self.init(
            code, subject, PlatformError.text(number),
            hint: code == .denied ? "run it as root (sudo) or as user apigee" : nil)
    }

    public var description: String { "'\(subject)': \(reason)" }

    static func text(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
    }
}
