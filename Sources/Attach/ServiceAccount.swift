internal import Documents
internal import EdgeAPI
internal import FoundationEssentials
internal import Platform

/// A service account's key file: asks for access tokens with a signed assertion (RFC 7523, RS256).
public struct ServiceAccount: Sendable {
    private let email: String
    private let keyID: String?
    private let tokenAddress: String
    private let key: Secret

    private static let scope = "https://www.googleapis.com/auth/cloud-platform"

    /// - Parameters:
    ///   - json: of the key file.
    ///   - name: for messages.
    /// - Throws: ``AttachError`` `.usage`.
    public init(json: [UInt8], name: String) throws(AttachError) {
        guard let document = try? JSONValue(parsing: json, name: name), document["type"]?.string == "service_account",
            let email = document["client_email"]?.string, let key = document["private_key"]?.string,
            let address = document["token_uri"]?.string,
            address.hasPrefix("https://") || address.hasPrefix("http://127.0.0.1:")
        else {
            throw AttachError(
                .usage, "--service-account-file '\(name)'", "is no key file of a service account",
                hint: "it is the JSON file of `gcloud iam service-accounts keys create`")
        }
        self.email = email
        self.key = Secret(key)
        keyID = document["private_key_id"]?.string
        tokenAddress = address
    }

    /// A token that lasts an hour.
    func token(client: HTTPClient) async throws(AttachError) -> Secret {
        let grant = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        let assertion = try await assertion(at: Int(Date().timeIntervalSince1970))
        let request = HTTPRequest(
            method: "POST", url: tokenAddress,
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")],
            body: Array("grant_type=\(grant)&assertion=\(assertion)".utf8), maxBytes: 1 << 20, timeout: .seconds(30))
        let response: HTTPResponse
        do throws(EdgeError) {
            response = try await client.send(request)
        } catch {
            throw AttachError(error, "token of \(email)")
        }
        guard response.status == 200, let answer = try? JSONValue(parsing: response.body),
            let token = answer["access_token"]?.string, !token.isEmpty
        else {
            let told =
                (try? JSONValue(parsing: response.body))?["error_description"]?.string ?? "no token in the answer"
            throw AttachError(
                .failed, "token of \(email)", "\(String(told.prefix(200))) (\(response.status))",
                hint: "check that the key still exists and that this machine's clock is right")
        }
        return Secret(token)
    }

    /// `header.claims.signature`, each in base64url.
    private func assertion(at now: Int) async throws(AttachError) -> String {
        var header: JSONObject = ["alg": "RS256", "typ": "JWT"]
        if let keyID { header = JSONObject(header.members.map { ($0.key, $0.value) } + [("kid", .string(keyID))]) }
        let claims: JSONObject = [
            "iss": .string(email), "scope": .string(Self.scope), "aud": .string(tokenAddress), "iat": .integer(now),
            "exp": .integer(now + 3600),
        ]
        let text =
            Self.base64URL(JSONValue.object(header).encoded()) + "."
            + Self.base64URL(JSONValue.object(claims).encoded())
        return text + "." + Self.base64URL(try await RSASignature.sign(text, key: key))
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
