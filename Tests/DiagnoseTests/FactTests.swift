import Archive
import Diagnose
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func proxyZip(_ files: [(String, String)]) throws -> [UInt8] {
    let writer = try ArchiveWriter(inMemory: .zip)
    for (path, text) in files {
        try writer.add(
            ArchiveEntry(path: path, kind: .file, size: text.utf8.count, mode: 0o644, modified: 0), bytes: bytes(text))
    }
    return try writer.finish()
}

@Suite("Facts")
struct FactTests {
    @Test("target endpoints of an exported revision")
    func proxy() throws {
        let zip = try proxyZip([
            ("apiproxy/weather.xml", "<APIProxy name=\"weather\"/>"),
            (
                "apiproxy/targets/default.xml",
                """
                <TargetEndpoint name="default">
                  <HTTPTargetConnection>
                    <SSLInfo>
                      <Enabled>true</Enabled>
                      <ClientAuthEnabled>true</ClientAuthEnabled>
                      <KeyStore>ref://backend</KeyStore>
                      <KeyAlias> client </KeyAlias>
                    </SSLInfo>
                    <URL>https://backend.example.com:8443/v1?x={y}</URL>
                  </HTTPTargetConnection>
                </TargetEndpoint>
                """
            ),
            ("apiproxy/targets/broken.xml", "<TargetEndpoint"),
        ])
        let endpoints = try TargetEndpointFacts.read(proxyZip: zip)
        try #require(endpoints.count == 1)
        #expect(endpoints[0].urlHost == "backend.example.com")
        #expect(endpoints[0].urlPort == 8_443)
        #expect(endpoints[0].line == 3)
        #expect(
            endpoints[0].sslInfo
                == SSLInfoFacts(enabled: true, clientAuthEnabled: true, keyStore: "ref://backend", keyAlias: "client"))
    }

    @Test("what is no proxy is refused", arguments: [[UInt8](), Array("no zip".utf8), [0x50, 0x4B, 3, 4, 1, 2, 3]])
    func noProxy(content: [UInt8]) {
        #expect(throws: FactError.self) { try TargetEndpointFacts.read(proxyZip: content) }
    }

    @Test(
        "public target endpoints",
        arguments: [
            ("TD012_pass_t3-SSLInfo-with-LoadBalancer.xml", nil, ["server1", "server2"], false),
            ("TD013_pass_t1-all-good.xml", "foo.com", [], true),
            ("TD013_fail_t4-clientAuthEnabled-missing-with-keystore-keyalias.xml", "foo.com", [], false),
        ] as [(String, String?, [String], Bool)])
    func publicEndpoint(name: String, host: String?, servers: [String], clientAuth: Bool) throws {
        guard let xml = Tools.publicData("proxies/\(name)") else {
            withKnownIssue("public proxies are not here, skipped", isIntermittent: true) {}
            return
        }
        let facts = try TargetEndpointFacts.read(targetXML: xml)
        #expect(facts.urlHost == host)
        #expect(facts.servers == servers)
        #expect(facts.sslInfo?.clientAuthEnabled == clientAuth)
        #expect(facts.usesTLS)
    }

    @Test("public answers of the management API")
    func publicAnswers() throws {
        guard let keystore = Tools.publicData("api/keystore-get.json"), let cert = Tools.publicData("api/cert-get.json")
        else {
            withKnownIssue("public answers are not here, skipped", isIntermittent: true) {}
            return
        }
        let store = try KeystoreFacts.read(json: keystore)
        #expect(store.alias("myTestAlias")?.cert == "myTestAlias-cert")
        #expect(try store.hasKey(#require(store.aliases.first)))
        let info = try CertificateInfo.read(json: cert)
        #expect(info.certInfo.first?.isValid == false)
        #expect(info.certInfo.first?.issuerName?.value(of: "O") == "Apigee")
    }

    @Test("answers that are errors, or something else, are refused")
    func refusals() {
        let error = bytes(#"{"code":"keystore.NotFound","message":"no such keystore","contexts":[]}"#)
        #expect(throws: FactError.self) { try KeystoreFacts.read(json: error) }
        #expect(throws: FactError.self) { try ReferenceFacts.read(json: bytes("<html>")) }
        #expect(throws: FactError.self) { try CertificateInfo.read(json: bytes("{}")) }
        #expect(throws: FactError.self) {
            try CertificateInfo.read(pem: bytes("-----BEGIN CERTIFICATE-----\n!!\n-----END"))
        }
    }

    @Test("a target server, its truth values as words")
    func targetServer() throws {
        let server = try TargetServerFacts.read(
            json: bytes(
                #"{"name":"t","host":"h","port":443,"isEnabled":true,"sSLInfo":{"enabled":"true","clientAuthEnabled":"true","keyStore":"k","keyAlias":"a"}}"#
            ))
        #expect(server.sslInfo == SSLInfoFacts(enabled: true, clientAuthEnabled: true, keyStore: "k", keyAlias: "a"))
    }

    @Test("openssl's list of accepted issuers, in the forms of its versions")
    func issuers() {
        let facts = AcceptedIssuers.read(
            sClientOutput: bytes(
                """
                CONNECTED(00000003)
                ---
                Certificate chain
                 0 s:CN = localhost
                   i:CN = Example Root
                ---
                Acceptable client certificate CA names
                /C=AU/ST=VIC/O=MyCompany/CN=a
                C = AU, O = "A, B", CN = b
                CN=c,O=d
                Client Certificate Types: RSA sign, DSA sign
                Requested Signature Algorithms: ECDSA+SHA256:RSA=x
                ---
                40E7:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:x.c:1:SSL alert number 40
                Verify return code: 18 (self-signed certificate)
                """))
        #expect(facts.answer == .listed)
        #expect(facts.names.map(\.line) == [8, 9, 10])
        #expect(facts.names.compactMap(\.name).map { $0.value(of: "CN") } == ["a", "b", "c"])
        #expect(facts.chain.map(\.subject) == ["CN = localhost"])
        #expect(facts.chain.map(\.issuer) == ["CN = Example Root"])
        #expect(facts.alert == 40)
        #expect(facts.verifyCode == 18)
    }

    @Test(
        "no list is not the same as no handshake",
        arguments: [
            ("no peer certificate available\n---\nNo client certificate CA names sent", AcceptedIssuers.Answer.unknown),
            ("Certificate chain\n 0 s:CN=x\n   i:CN=x\n---\nNo client certificate CA names sent\n", .noneSent),
            ("", .unknown), ("connect:errno=111", .unknown),
        ])
    func noList(text: String, answer: AcceptedIssuers.Answer) {
        #expect(AcceptedIssuers.read(sClientOutput: bytes(text)).answer == answer)
    }

    @Test("what the installed openssl prints", .enabled(if: Tools.has("openssl")))
    func live() throws {
        try Tools.withFolder { folder in
            let subject = "/C=AU/ST=VIC/L=MELBOURNE/O=My, Company/OU=ITS/CN=ca.example.com"
            _ = try Tools.run([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                folder + "/k.pem", "-out", folder + "/c.pem", "-subj", subject, "-days", "2",
            ])
            let info = try CertificateInfo.read(pem: Tools.read(folder + "/c.pem"))
            let name = try #require(DistinguishedName(text: subject))
            #expect(info.certInfo.first?.issuerName?.matches(name) == true)
            for option in ["oneline", "RFC2253", "compat", "sep_comma_plus_space", "multiline"]
            where option != "multiline" {
                let text = try Tools.run([
                    "openssl", "x509", "-in", folder + "/c.pem", "-noout", "-subject", "-nameopt", option,
                ])
                let written = text.drop { $0 != "=" }.dropFirst().prefix { $0 != "\n" }
                let read = try #require(DistinguishedName(text: String(written)), "\(text)")
                #expect(read.matches(name), "\(text)")
            }
        }
    }
}
