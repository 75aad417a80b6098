import Redact
import Testing

/// What looks like a secret, but is evidence: it stays to the byte.
@Suite struct LookAlikeTests {
    static let lines = [
        "2026-11-23 10:15:30,123 org:acme env:prod api:orders rev:7 messageid:rrt-0384d5a45c8b50d8f-b-wo-10241-123456-1  NIOThread@3 ERROR HTTP.CLIENT - HTTPClient$Context.onExceptionRead() : SSLClientChannel[Connected: Remote:10.1.2.3:443 Local:10.0.0.5:51342]@12345 useCount=1 bytesRead=0 bytesWritten=0 age=331ms  lastIO=331ms  isOpen=true.onExceptionRead exception: {}",
        "javax.net.ssl.SSLException: Received fatal alert: bad_certificate",
        "\tat com.apigee.nio.channels.ssl.SSLClientChannel.readInternal(SSLClientChannel.java:142)",
        "\tat com.acme.security.TokenFilter.doFilter(TokenFilter.java:77) ~[auth-1.2.jar:1.2]",
        "\tat com.acme.PasswordAuthenticator.check(PasswordAuthenticator.java:42)",
        "Caused by: java.security.UnrecoverableKeyException: Cannot recover key",
        "java.io.IOException: Keystore was tampered with, or password was incorrect",
        "KeyStore@52de60d9 TrustStore@7f31245a KeyAlias=client-key-2026",
        "<SSLInfo><Enabled>true</Enabled><ClientAuthEnabled>true</ClientAuthEnabled><KeyStore>ref://keystoreref</KeyStore><KeyAlias>client1</KeyAlias><TrustStore>myTrustStore</TrustStore></SSLInfo>",
        "{\"keyAlias\":\"client1\",\"keyStore\":\"ref://acme-keystore\",\"trustStore\":\"acme-trust\",\"clientAuthEnabled\":\"true\"}",
        "{\"aliases\":[{\"aliasName\":\"myTestAlias\",\"cert\":\"myTestAlias-cert\",\"key\":\"myTestAlias-key\"}],\"keys\":[\"myTestAlias\"],\"name\":\"MyTestKeystore\"}",
        "{\"fault\":{\"faultstring\":\"Invalid access token\",\"detail\":{\"errorcode\":\"oauth.v2.InvalidAccessToken\"}}}",
        "{\"fault\":{\"faultstring\":\"Failed to resolve API Key variable request.queryparam.apikey\",\"detail\":{\"errorcode\":\"steps.oauth.v2.FailedToResolveAPIKey\"}}}",
        "{\"fault\":{\"faultstring\":\"SSL Handshake failed\",\"detail\":{\"errorcode\":\"messaging.adaptors.http.flow.SslHandshakeFailed\",\"reason\":\"TARGET_CONNECT_SSL_HANDSHAKE_FAILED\"}}}",
        "serialNumber: 5A:0D:3C:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD",
        "SHA256 Fingerprint=4E:B5:9D:F4:2C:10:51:6B:4D:73:C0:9A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E",
        "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "commit 06a79515d31261460b2487cfbbb56afa6d27f0 by CI", "etag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"",
        "subject=CN = api.acme.example, OU = API Team, O = Acme Inc, L = Z\\C3\\BCrich, C = CH",
        "issuer=CN=Acme Root CA,EMAILADDRESS=pki@acme.example,O=Acme Inc,C=CH",
        "X-Apigee.Message-ID: rrt-0384d5a45c8b50d8f-b-wo-10241-123456-1",
        "<Header name=\"X-Apigee.Message-ID\">9f8e7d6c-5b4a-4f2e-9d0c-1a2b3c4d5e6f</Header>",
        "<Header name=\"Postman-Token\">a99f92ae-c96e-c99e-0d4e-42fcb3f149fb</Header>",
        "<Password ref=\"private.password\"/>", "<Password ref=\"private.pw\"></Password>", "<Source>private.token</Source>",
        "password.policy.min.length=8", "conf_security_password.policy.max.age=90", "password_expiry_days: 30", "passwordEncoder=bcrypt",
        "token_type=bearer", "\"token_type\" : \"BearerToken\",\"expires_in\" : \"3599\"", "nextPageToken: abc123def456",
        "max_tokens=4096", "initial_token: -9223372036854775808", "num_tokens: 256", "key_cache_size_in_mb: 100",
        "partition_key=org_env_1234", "primary.key=id00012345", "foreign_key: fk_1234567a", "secretName: my-secret-1",
        "password=${db.password}", "password={flow.password}", "password=$DB_PASSWORD", "password=$(cat /etc/pw)", "password=%DB_PASSWORD%",
        "password=true", "has_password=true", "Enter passphrase for key '/home/joe/.ssh/id_rsa':", "Password:", "password=", "password=\n",
        "password authentication failed for user \"apigee\"", "FATAL: password authentication failed", "Invalid password: authentication failed",
        "password: must not be empty", "keystorePasswordFile=/opt/apigee/customer/conf/pw.txt", "ssl.key.password.file=/etc/pki/x.txt",
        "Access-Control-Allow-Headers: Authorization, X-Api-Key, Cookie", "Vary: Cookie, Authorization", "WWW-Authenticate: Basic realm=\"apigee\"",
        "<DisplayName>Verify API Key</DisplayName>", "<APIKey ref=\"request.queryparam.apikey\"/>", "<VerifyAPIKey name=\"Verify-API-Key-1\">",
        "<OAuthV2 name=\"GenerateAccessToken\"><Operation>GenerateAccessToken</Operation></OAuthV2>",
        "apikey=********", "password=[masked]", "Authorization: ****", "\"password\":null", "\"password\":\"\"", "\"password\":{\"type\":\"string\"}",
        "user=joe host=node1.acme.example:4526 pid=12345", "https://backend.acme.example:8443/v1/orders?id=77&limit=20",
        "jdbc:postgresql://pg1.acme.example:5432/apigee?ssl=true", "ssh://git@a.example/x", "git@github.com:acme/x.git",
        "REDACTED.password.0123456789ab", "password=REDACTED.password.0123456789ab", "Authorization: Bearer REDACTED.authorization.0123456789ab",
        "1472699641914 1472699641915123 4111111111111112", "trace 4111111111111111-1 t:4bf92f3577b34da6a3ce929d0e0e4736",
        "errorcode=keymanagement.service.invalid_access_token", "<Get name=\"proxy.basepath\" value=\"/orders\"/>",
        "{\"name\":\"Content-Type\",\"value\":\"application/json\"}", "{\"name\":\"X-Apigee.Message-ID\",\"value\":\"rrt-01\"}",
        "{\"manifestVersion\":\"SHA-512:a52ece20111x12xjajke1i34\",\"configurationVersion\":{\"majorVersion\":4}}",
        "Alert (Level: Fatal, Description: Bad Certificate)", "Acceptable client certificate CA names", "No client certificate CA names sent",
        "SSL-Session:", "    Protocol  : TLSv1.2", "    Cipher    : ECDHE-RSA-AES256-GCM-SHA384",
        "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        "code=200&key=name&page=2", "GET /search?key=name&code=404 HTTP/1.1", "session=active sid=12", "signature algorithm: SHA256withRSA",
        "-----BEGIN CERTIFICATE-----\nMIIC+zCCAeOgAwIBAgIJAKIAghp_AKIAIOSFODNN7EXAMPLEpasswordZXlKaGJHY2k=\n-----END CERTIFICATE-----",
        "tokens file /opt/apigee/token/application/message-processor.properties", "conf_system_log.level=INFO",
        "com.apigee.oauth.v2.AccessToken: Generated in 23ms", "CookieManager - cookie jar has 3 cookies", "Bearer authentication is off",
    ]

    @Test(arguments: lines) func evidenceStays(line: String) throws {
        #expect(try makeRedactor().redact(line) == line)
    }

    /// Secrets that equal a name or a common word go in their own place and nowhere else.
    @Test(arguments: ["prod", "message", "client1", "backend.acme.example", "changeit", "KeyStore", "2026-11-23", "/opt/apigee/conf"])
    func aCommonPasswordEatsNoEvidence(password: String) throws {
        let redactor = try makeRedactor()
        redactor.vault.protect(["acme", "prod", "client1", "backend.acme.example"])
        let evidence = "env:prod message.id alias client1 at backend.acme.example:443 changeit KeyStore@1 2026-11-23 /opt/apigee/conf/a"
        let output = string(try redactor.text(Array("<Password>\(password)</Password>\n\(evidence)\n".utf8), .xml))
        #expect(output.hasSuffix("\n\(evidence)\n"), "\(output)")
        #expect(string(try redactor.secondPass(Array(evidence.utf8))) == evidence)
    }

    @Test func aProtectedNameIsNeverALiteral() throws {
        let redactor = try makeRedactor()
        redactor.vault.learn(Array("acme-prod-k3y7".utf8), rule: "password")
        #expect(redactor.vault.count == 1)
        redactor.vault.protect(["Alias-ACME-prod-K3Y7"])
        #expect(redactor.vault.count == 0 && redactor.vault.notAppliedCount == 1)
        #expect(string(try redactor.secondPass(Array("Alias-acme-prod-k3y7".utf8))) == "Alias-acme-prod-k3y7")
    }

    /// What the real traces prove must survive, in number and in place.
    @Test(arguments: ["trace-1461989184623.xml", "trace-1429993197148.xml"]) func realTracesKeepTheirEvidence(file: String) throws {
        guard let input = publicData("edge-traces/\(file)") else {
            withKnownIssue("the public data set is absent: \(file) was not tried", isIntermittent: true) { Issue.record("absent") }
            return
        }
        let output = try makeRedactor().text(input, .xml, name: file)
        #expect(lineBreaks(output) == lineBreaks(input))
        for token in ["X-Apigee.Message-ID", "messageid", "X-Apigee.fault-code", "Point id=", "com.apigee.flow.FlowException", "<Organization>", "Timestamp>", "Verb>"] {
            #expect(count(Array(token.utf8), in: output) == count(Array(token.utf8), in: input), "\(token)")
        }
        let before = string(input).split(separator: "\n", omittingEmptySubsequences: false)
        let after = string(output).split(separator: "\n", omittingEmptySubsequences: false)
        for (old, new) in zip(before, after) where old != new {
            #expect(new.contains("REDACTED."), "\(old) became \(new)")
            #expect(!old.contains("Apigee.Message-ID") && !old.contains("fault-"), "\(old) became \(new)")
        }
    }

    private func count(_ part: [UInt8], in bytes: [UInt8]) -> Int {
        var count = 0
        for index in 0..<max(0, bytes.count - part.count) where bytes[index] == part[0] {
            if bytes[index..<(index + part.count)].elementsEqual(part) { count += 1 }
        }
        return count
    }
}
