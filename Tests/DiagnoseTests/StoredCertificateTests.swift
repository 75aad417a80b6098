import Diagnose
import Foundation
import Testing

/// Certificates in files as OpenSSL and the JDK write them.
@Suite struct StoredCertificateTests {
    private static let password = "ch4ngeit-4711"

    /// A folder with one self-signed certificate, its key, and stores that hold it.
    private static func made(_ commands: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stored-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-ec",
            """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout key.pem -out cert.pem \
            -subj '/O=Acme/CN=router.acme.example' -addext subjectAltName=DNS:router.acme.example
            \(commands)
            """,
        ]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return folder
    }

    static let keytool =
        "keytool -importcert -noprompt -alias root -file cert.pem -storepass \(password) -keystore store -storetype"

    @Test(
        "each format tells the same of a certificate",
        arguments: [
            ("PEM", "cat key.pem cert.pem > store"), ("DER", "openssl x509 -in cert.pem -outform DER -out store"),
            ("JKS", "\(keytool) JKS"), ("JCEKS", "\(keytool) JCEKS"),
            (
                "PKCS#12",
                "openssl pkcs12 -export -nokeys -in cert.pem -certpbe NONE -nomac -passout pass: -out store"
            ),
        ])
    func formats(format: String, commands: String) throws {
        let folder = try Self.made(commands)
        defer { try? FileManager.default.removeItem(at: folder) }
        let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("store")))
        let stored = try #require(StoredCertificates(bytes))
        #expect(stored.format == format)
        #expect(stored.note == nil)
        let entry = try #require(stored.entries.first)
        #expect(stored.entries.count == 1)
        #expect(entry.certificate.subject == "CN=router.acme.example,O=Acme")
        #expect(entry.certificate.subjectAltNames == ["router.acme.example"])
        #expect(entry.alias == (format.hasSuffix("KS") ? "root" : nil))
        let end = Double(try #require(entry.end)) - Date().timeIntervalSince1970
        #expect((29 * 86_400...31 * 86_400).contains(Int(end)))
        // Cut anywhere, it is read as far as it goes, and ends.
        for length in stride(from: 0, to: bytes.count, by: 7) { _ = StoredCertificates(Array(bytes[..<length])) }
    }

    @Test("a keystore's chain is told, its key stepped over")
    func keystore() throws {
        let folder = try Self.made(
            """
            openssl pkcs12 -export -inkey key.pem -in cert.pem -name client -passout pass:\(Self.password) -out p12
            keytool -importkeystore -srckeystore p12 -srcstoretype PKCS12 -srcstorepass \(Self.password) \
            -destkeystore store -deststoretype JKS -deststorepass \(Self.password)
            """)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try #require(
            StoredCertificates([UInt8](try Data(contentsOf: folder.appendingPathComponent("store")))))
        #expect(store.entries.map(\.alias) == ["client"] && store.note == nil)
        let packed = try #require(
            StoredCertificates([UInt8](try Data(contentsOf: folder.appendingPathComponent("p12")))))
        #expect(packed.format == "PKCS#12" && packed.entries.isEmpty && packed.note?.contains("password") == true)
        let key = try #require(
            StoredCertificates([UInt8](try Data(contentsOf: folder.appendingPathComponent("key.pem")))))
        #expect(key.entries.isEmpty)
    }

    @Test func otherFilesAreNone() {
        for text in ["", "hello", "0", "\u{30}\u{03}\u{02}\u{01}\u{03}"] {
            #expect(StoredCertificates(Array(text.utf8)) == nil)
        }
        // Lengths that lie.
        let lying: [UInt8] = [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 255, 255, 255, 255, 0, 0, 0, 1, 255, 255]
        #expect(StoredCertificates(lying)?.entries.isEmpty == true)
    }
}
