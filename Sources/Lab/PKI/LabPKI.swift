import Foundation

/// The certificates of one lab: a partner's authority that the backend accepts, another one, and the leaves.
struct LabPKI: Sendable {
    /// Root and intermediate of the partner, whom the backend accepts.
    let acceptedRoot: Certificate
    let acceptedIssuer: Certificate
    /// A third authority that the backend accepts too, with no certificate of its own in the lab.
    let alsoAccepted: Certificate
    /// An authority that the backend doesn't accept.
    let otherRoot: Certificate
    /// The authority behind the backend's own certificate.
    let serverRoot: Certificate
    let serverIssuer: Certificate
    let server: Certificate
    /// The client certificate and the authority that issued it: the accepted one, or the other.
    let client: Certificate
    let clientIssuer: Certificate
    /// A key pair that is only planted, never used.
    let planted: Certificate
    let folder: URL

    static func make(in folder: URL, names: LabNames, scenario: Scenario, backendHost: String) async throws -> LabPKI {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let mill = CertificateMill(folder: folder)
        let partner = RandomValues.capitalized(RandomValues.word())
        let other = RandomValues.capitalized(RandomValues.word(syllables: 4))
        func authority(_ organization: String, _ title: String) -> DistinguishedName {
            DistinguishedName(attributes: [
                ("DC", "com"), ("DC", organization.lowercased()), ("O", "\(organization), Inc."),
                ("OU", "Trust Services"),
                ("CN", "\(organization) \(title)"),
            ])
        }
        func leaf(_ organization: String, _ common: String) -> DistinguishedName {
            DistinguishedName(attributes: [
                ("C", "US"), ("ST", "CA"), ("L", "San Jose"), ("O", organization), ("OU", "API Gateway"),
                ("CN", common),
            ])
        }
        async let planted = mill.make("planted", subject: leaf(partner, "planted"))
        let acceptedRoot = try await mill.make(
            "accepted-root", subject: authority(partner, "Root CA G2"), isAuthority: true)
        async let alsoAccepted = mill.make(
            "also-accepted", subject: authority(RandomValues.capitalized(RandomValues.word()), "Client CA"),
            isAuthority: true)
        let otherRoot = try await mill.make("other-root", subject: authority(other, "Root CA"), isAuthority: true)
        let serverRoot = try await mill.make(
            "server-root", subject: authority(partner, "Server Root CA"), isAuthority: true)
        let acceptedIssuer = try await mill.make(
            "accepted-issuer", subject: authority(partner, "Client Issuing CA 1"), by: acceptedRoot, isAuthority: true)
        let clientIssuer =
            scenario == .issuerNotAccepted
            ? try await mill.make(
                "other-issuer", subject: authority(other, "Issuing CA 3"), by: otherRoot, isAuthority: true)
            : acceptedIssuer
        let serverIssuer = try await mill.make(
            "server-issuer", subject: authority(partner, "Server Issuing CA 2"), by: serverRoot, isAuthority: true)
        async let server = mill.make(
            "server", subject: leaf(partner, "orders.\(partner.lowercased()).example"), by: serverIssuer,
            alternativeNames: ["orders.\(partner.lowercased()).example", "localhost", backendHost, "IP:127.0.0.1"]
                .unique,
            usage: "serverAuth")
        async let client = mill.make(
            "client", subject: leaf(names.company, "gateway.\(names.company).example"), by: clientIssuer, key: .rsa,
            usage: "clientAuth")
        return try await LabPKI(
            acceptedRoot: acceptedRoot, acceptedIssuer: acceptedIssuer, alsoAccepted: alsoAccepted,
            otherRoot: otherRoot,
            serverRoot: serverRoot, serverIssuer: serverIssuer, server: server, client: client,
            clientIssuer: clientIssuer,
            planted: planted, folder: folder)
    }

    /// Writes certificates one after another into a PEM file of the folder.
    func bundle(_ name: String, _ certificates: [Certificate]) throws -> URL {
        let file = folder.appendingPathComponent(name)
        try Data(certificates.map(\.pem).joined().utf8).write(to: file)
        return file
    }
}

extension Array where Element: Hashable {
    /// The elements without repetitions, in order.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
