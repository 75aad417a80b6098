internal import Documents
internal import EdgeAPI

/// Why a bundle could not be attached: what failed, on what, what to do.
public struct AttachError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The command line or a file it names is wrong.
        case usage
        /// Nothing was sent, or not all of it.
        case failed
        /// Refused for safety: not verified, or no consent.
        case refused
        /// The bundle is damaged or holds a secret.
        case unsound
    }

    public let code: Code
    public let subject: String
    public let reason: String
    public let hint: String?

    public init(_ code: Code, _ subject: String, _ reason: String, hint: String? = nil) {
        self.code = code
        self.subject = TerminalText.harmless(subject, maxColumns: 300)
        self.reason = TerminalText.harmless(reason, maxColumns: 600)
        self.hint = hint
    }

    public var description: String { subject.isEmpty ? reason : "\(subject): \(reason)" }
}

extension AttachError {
    /// What a failed transfer means for an upload.
    init(_ error: EdgeError, _ subject: String) {
        var hint = error.hint
        switch error.code {
        case .tls:
            hint =
                "a proxy that looks into TLS may stand between: give its authority with --cacert FILE; "
                + "nothing was sent to it"
        case .insecureHTTP: hint = "give an https URL"
        case .redirected(let host):
            hint = "something between sends you to \(host), such as the login page of a network: log in there first"
        case .cutOff, .timeOut, .connectionFailed, .connectionRefused, .dns:
            hint = "run the same command again: it goes on where it was"
        default: break
        }
        self.init(.failed, subject, error.reason, hint: hint)
    }

    /// What a status means.
    init(status response: HTTPResponse, _ subject: String, sentBytes: Int) {
        let told = Self.words(of: response.body).map { ": \($0)" } ?? ""
        func make(_ reason: String, _ hint: String) -> AttachError {
            AttachError(.failed, subject, "\(reason) (\(response.status))\(told)", hint: hint)
        }
        self =
            switch response.status {
            case 401: make("the token is not accepted", "get a new one: gcloud auth print-access-token > FILE")
            case 403:
                make(
                    "it may not be written with this login",
                    "ask for the role Tech Support Editor (cloudsupport.techSupportEditor), or for a new signed URL")
            case 404:
                make(
                    "there is no such case or place",
                    "write it as projects/PROJECT/cases/NUMBER or organizations/NUMBER/cases/NUMBER, as the case shows it"
                )
            case 410: make("the place for the upload is gone", "ask for a new URL")
            case 412: make("something of that name is there already", "ask for a URL with another name")
            case 413:
                make(
                    "\(sentBytes) bytes are too many for it", "send it in parts: --part-size 20M, or a smaller number")
            case 429: make("it takes no more for now", "run the same command again in some minutes")
            case 300..<400:
                make(
                    "it sends you elsewhere",
                    "something between may want a login first, such as the page of a network: open it in a browser")
            case 500...: make("the server failed", "run the same command again later: it goes on where it was")
            default: make("unexpected answer", "check the address")
            }
    }

    /// An answer that is a web page where none belongs.
    static func page(_ subject: String) -> AttachError {
        AttachError(
            .failed, subject, "a web page answered in its place",
            hint: "something between may want a login first, such as the page of a network: open it in a browser")
    }

    /// What Google's APIs or a bucket say of an error.
    private static func words(of body: [UInt8]) -> String? {
        if looksLikePage(body) { return nil }
        guard let value = try? JSONValue(parsing: Array(body.prefix(64 << 10))) else { return nil }
        return (value["error"]?["message"]?.string ?? value["error_description"]?.string).map { String($0.prefix(200)) }
    }

    static func looksLikePage(_ body: [UInt8]) -> Bool {
        let text = String(decoding: body.prefix(512), as: UTF8.self).lowercased()
        return text.contains("<html") || text.contains("<!doctype html")
    }
}
