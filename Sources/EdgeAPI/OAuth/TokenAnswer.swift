import Documents
import FoundationEssentials
import Platform

/// What a login server grants (RFC 6749 section 5.1).
struct TokenAnswer: Sendable {
    let access: Secret
    let refresh: Secret?
    /// Seconds; nil when neither the token nor the answer tells.
    let lifetime: Int?

    /// Nil for anything but a bearer token.
    init?(_ body: [UInt8]) {
        guard let answer = try? JSONValue(parsing: body), let token = answer["access_token"]?.string,
            Self.isToken(token), answer["token_type"]?.string?.lowercased() ?? "bearer" == "bearer"
        else { return nil }
        access = Secret(token)
        refresh = answer["refresh_token"]?.string.flatMap { Self.isToken($0) ? Secret($0) : nil }
        let told = Self.ownLifetime(token) ?? answer["expires_in"]?.int
        lifetime = told.flatMap { (1...315_360_000).contains($0) ? $0 : nil }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (33...126).contains($0) }
    }

    /// The times in a JSON Web Token (RFC 7519) tell better how long it lasts than the answer around it.
    private static func ownLifetime(_ token: String) -> Int? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var text = String(parts[1]).replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let seconds = 0..<(1 << 40)
        guard let data = Data(base64Encoded: String(text)), let claims = try? JSONValue(parsing: Array(data)),
            let from = claims["iat"]?.int, let to = claims["exp"]?.int, seconds.contains(from), seconds.contains(to)
        else { return nil }
        return to - from
    }
}
