import Attach
import Foundation
import Lab
import Testing

@Suite("Service accounts")
struct ServiceAccountTests {
    @Test("A key file is exchanged for a token by an assertion that openssl finds rightly signed")
    func grant() async throws {
        let cargo = try Cargo(20_000)
        let key = cargo.folder.appendingPathComponent("key.pem")
        let publicKey = cargo.folder.appendingPathComponent("public.pem")
        try #require(openssl(["genrsa", "-traditional", "-out", key.path, "2048"]) == 0)
        let pkcs8 = cargo.folder.appendingPathComponent("pkcs8.pem")
        try #require(openssl(["pkcs8", "-topk8", "-nocrypt", "-in", key.path, "-out", pkcs8.path]) == 0)
        try #require(openssl(["rsa", "-in", key.path, "-pubout", "-out", publicKey.path]) == 0)
        let desk = try SupportDesk()
        defer { desk.stop() }
        desk.set { $0.tokens = ["granted-by-the-lab"] }
        let file = try JSONSerialization.data(withJSONObject: [
            "type": "service_account", "client_email": "robot@acme.iam.gserviceaccount.com", "private_key_id": "k1",
            "private_key": try String(contentsOf: pkcs8, encoding: .utf8), "token_uri": desk.endpoint + "/token",
        ])
        var options = try options(cargo, AttachTarget(supportCase: "organizations/12/cases/3"), desk)
        options.token = .serviceAccount(try ServiceAccount(json: Array(file), name: "key.json"))
        try await send(options)
        #expect(desk.attachments.count == 1)

        let parts = try #require(desk.assertions.first).split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let payload = try #require(base64URL(parts[1]))
        let claims = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
        #expect(claims["iss"] as? String == "robot@acme.iam.gserviceaccount.com")
        #expect(claims["scope"] as? String == "https://www.googleapis.com/auth/cloud-platform")
        let (text, signature) = (
            cargo.folder.appendingPathComponent("text"), cargo.folder.appendingPathComponent("sig")
        )
        try Data("\(parts[0]).\(parts[1])".utf8).write(to: text)
        try #require(base64URL(parts[2])).write(to: signature)
        #expect(
            openssl(["dgst", "-sha256", "-verify", publicKey.path, "-signature", signature.path, text.path]) == 0)
    }

    @Test("Another file is no key file")
    func otherFile() {
        #expect(throws: AttachError.self) {
            try ServiceAccount(json: Array(#"{"type": "authorized_user"}"#.utf8), name: "x.json")
        }
    }

    private func openssl(_ arguments: [String]) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func base64URL(_ text: String) -> Data? {
        var plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while plain.count % 4 != 0 { plain += "=" }
        return Data(base64Encoded: plain)
    }
}
