internal import Documents
internal import EdgeAPI
internal import FoundationEssentials
public import Platform

/// Where an access token for Google's APIs comes from. Tokens and keys live in memory only.
public enum TokenSource: Sendable {
    /// A file with the token alone; it is read again when the token is refused.
    case file(read: @Sendable () throws -> Secret)
    /// A token that is given once, as by a variable.
    case fixed(Secret)
    /// A service account's key file, which is exchanged for a token (RFC 7523).
    case serviceAccount(ServiceAccount)
    /// `gcloud auth print-access-token`.
    case gcloud

    /// - Parameter isRenewal: whether the one before was refused.
    /// - Returns: nil where there can be no other one.
    func token(isRenewal: Bool, client: HTTPClient) async throws(AttachError) -> Secret? {
        switch self {
        case .file(let read):
            do {
                return try read()
            } catch {
                throw AttachError(.usage, "--token-file", "\(error)")
            }
        case .fixed(let token): return isRenewal ? nil : token
        case .serviceAccount(let account): return try await account.token(client: client)
        case .gcloud: return try await GcloudToken.read()
        }
    }
}

/// The login of one upload: asks for a token when it is needed, and once more when it was refused.
actor TokenDesk {
    private let source: TokenSource?
    private let client: HTTPClient
    private var current: Secret?
    private var wasRenewed = false

    init(_ source: TokenSource?, client: HTTPClient) {
        self.source = source
        self.client = client
    }

    func login() async throws(AttachError) -> Login {
        guard let source else { return .none }
        if current == nil { current = try await source.token(isRenewal: false, client: client) }
        return current.map { .bearer($0) } ?? .none
    }

    /// Another token after a refusal.
    /// - Returns: false if there is none, or if this happened before.
    func renew() async throws(AttachError) -> Bool {
        guard let source, !wasRenewed else { return false }
        wasRenewed = true
        guard let next = try await source.token(isRenewal: true, client: client) else { return false }
        current = next
        return true
    }
}
