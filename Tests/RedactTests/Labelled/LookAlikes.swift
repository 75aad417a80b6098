/// What looks like a secret, but is evidence. Holes are filled as ``Dice/expand(_:)`` tells.
enum LookAlikes {
    static let uuid = "‹x8›-‹x4›-4‹x3›-a‹x3›-‹x12›"

    static let groups: [(id: String, templates: [String])] = [
        ("ids", ids), ("keys", keys), ("names", names), ("words", words), ("prose", prose), ("code", code), ("traces", traces), ("settings", settings),
    ]

    static let ids = [
        "request \(uuid) done", "{\"id\":\"\(uuid)\"}", "<Id>\(uuid)</Id>", "messageid:rrt-‹x17›-b-wo-‹n5›-‹n6›-1", "X-Apigee.Message-ID: rrt-‹x17›-d-se-‹n4›-‹n8›-2",
        "<Get name=\"messageid\" value=\"rrt‹n3›ea-‹n5›-‹n7›-‹n2›\"/>", "traceparent: 00-‹x32›-‹x16›-01", "X-B3-TraceId: ‹x32›", "X-B3-SpanId: ‹x16›", "x-cloud-trace-context: ‹x32›/‹n19›;o=1",
        "trace_id=‹x32› span_id=‹x16›", "{\"traceId\":\"‹x32›\",\"spanId\":\"‹x16›\"}", "X-Request-Id: \(uuid)", "x-amzn-trace-id: Root=1-‹x8›-‹x24›", "correlationId=\(uuid)", "commit ‹x40›",
        "HEAD is now at ‹x7› Fix it", "index ‹x7›..‹x7› 100644", "Merge: ‹x7› ‹x7›", "git rev-parse: ‹x40›", "built from revision ‹x40› on 2026-11-23", "image: a.example/x@sha256:‹x64›", "sha256:‹x64›", "digest: sha512-‹b86›==",
        "integrity=\"sha384-‹b64›\"", "MD5 (a.tar.gz) = ‹x32›", "‹x64›  apigee-edge-4.52.tar.gz", "‹x32› *file.bin", "ETag: \"‹x32›\"", "etag=W/\"‹x20›\"", "If-None-Match: \"‹x40›\"", "Content-MD5: ‹b22›==", "Digest: SHA-256=‹b43›=",
        "checksum=‹x8›", "crc32: ‹x8›", "KeyStore@‹x8› TrustStore@‹x8›", "com.acme.Session@‹x7› closed", "SSLClientChannel[Accepted: Remote:10.1.‹n2›.‹n2›:443 Local:10.0.0.5:5‹n4›]@‹n5› useCount=1", "pool-‹n1›-thread-‹n2›", "qtp‹n10›-‹n5›",
        "2026-11-2‹n1› 1‹n1›:05:‹n1›7,‹n3›", "\"timestamp\":17‹n11›", "epoch 17‹n8›", "created=17‹n11›", "<DebugId>rrt-‹x17›-b-wo-‹n5›-‹n6›-1</DebugId>", "session resumed: no", "sessionTimeout=1800", "session.timeout=30m", "sequence=‹n18›",
        "offset ‹n12› partition 3", "order ‹n16› shipped", "tracking number 1Z‹A16›", "isbn 978‹n10›", "phone +41 44 ‹n3› ‹n2› ‹n2›", "bytes=‹n9›", "pid=‹n5› tid=‹n5›", "inode ‹n8›", "mac 0a:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›", "2001:db8:‹x4›:‹x4›::‹x1›",
        "version 4.52.‹n2›.‹n2›-‹x7›", "node id ‹x40›", "zxid 0x‹x10›", "sessionid = 0x‹x15›, negotiated timeout = 40000", "Session 0x‹x15› for server zk1", "cassandra token -‹n19›", "Token(s): ‹n19›", "ring: -‹n18› Up Normal",
        "initial_token: -‹n18›", "0x‹x16›", "core.‹n5›", "hs_err_pid‹n5›.log", "container ‹x64›", "container_id=‹x12›", "pod/apigee-runtime-‹a10›-‹a5›", "instance i-0‹x16›", "arn:aws:iam::‹n12›:role/x", "vpc-‹x17›", "ami-‹x17›", "account ‹n12›",
        "Set name=\"apiproxy.revision\" value=\"‹n2›\"", "client.ip=10.‹n2›.‹n2›.‹n1›", "X-Forwarded-For: 10.‹n2›.‹n1›.‹n1›", "ja3=‹x32›", "fingerprint=‹x64›", "thumbprint: ‹X40›", "SHA1 Fingerprint=‹X2›:‹X2›:‹X2›:‹X2›:‹X2›:‹X2›:‹X2›",
        "serialNumber=‹n20›", "Serial Number: ‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›", "serial ‹X32›", "<serialNumber>‹n38›</serialNumber>", "\"serialNumber\":\"‹X36›\"",
    ]

    static let keys = [
        "-----BEGIN CERTIFICATE-----\nMII‹b61›\n‹b64›\n‹b40›==\n-----END CERTIFICATE-----", "\"cert\":\"-----BEGIN CERTIFICATE-----\\nMII‹b61›\\n‹b30›==\\n-----END CERTIFICATE-----\\n\"",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A‹b32›\n‹b64›\n-----END PUBLIC KEY-----", "-----BEGIN CERTIFICATE REQUEST-----\nMII‹b61›\n‹b20›==\n-----END CERTIFICATE REQUEST-----",
        "-----BEGIN X509 CRL-----\nMII‹b61›\n‹b20›==\n-----END X509 CRL-----", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSU‹b120›", "ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSU‹b160›", "certificate: MIIC‹b180›=", "x5c: [\"MIIC‹b180›\"]",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ‹b300› joe@node", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI‹b43› node", "X509v3 Subject Key Identifier: ‹X2›:‹X2›:‹X2›:‹X2›:‹X2›:‹X2›", "X509v3 Authority Key Identifier: keyid:‹X2›:‹X2›:‹X2›:‹X2›",
        "Subject Public Key Info: RSA Public-Key: (2048 bit)", "Public Key Algorithm: rsaEncryption", "Signature Algorithm: sha256WithRSAEncryption", "    ‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:‹x2›:", "pin-sha256=\"‹b43›=\"",
        "subject=CN=‹l6›.acme.example,OU=API,O=Acme,C=CH", "issuer=CN=Acme Issuing CA ‹n1›,O=Acme,C=CH", "DN: uid=‹l6›,ou=users,dc=acme,dc=example", "EMAILADDRESS=pki@acme.example, CN=‹l6›, O=Acme", "keyAlias=‹l6›-key-202‹n1›", "<KeyAlias>‹l6›-‹n4›</KeyAlias>",
        "\"keyAlias\":\"‹l6›_‹n4›_key\"", "KeyAlias: freetrial‹n4›", "<KeyStore>ref://‹l8›ref</KeyStore>", "keystore=/opt/apigee/data/‹l6›.jks", "keyStore: ‹l6›-keystore-‹n4›", "trustStore=‹l6›Trust‹n2›", "<KeyStore ref=\"private.‹l6›\"/>", "publicKey=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A‹b40›",
        "public_key: ‹b43›=", "key_id=‹x16›", "kid: ‹x40›", "\"kid\":\"‹u22›\"", "{\"kty\":\"RSA\",\"n\":\"‹u86›\",\"e\":\"AQAB\",\"kid\":\"‹u11›\"}", "key_name: orders-‹n4›", "sort_key=‹l6›_‹n4›", "primary_key=id_‹n5›", "partition_key=org_‹l4›_‹n4›", "foreign key fk_‹l6›_‹n3›",
        "cache key orders:‹n6›", "cacheKey=acme__prod__orders__‹n4›__x", "<CacheKey><KeyFragment ref=\"request.uri\"/></CacheKey>", "row key ‹x16›", "kms_key_id=arn:aws:kms:eu:‹n12›:key/\(uuid)", "keyspace=apigee_‹l5›", "Key: value", "key=‹l5›",
        "key-size=2048", "keyLength=256", "session key exchange: ECDHE", "Server Temp Key: X25519, 253 bits", "Peer signing digest: SHA256", "key usage: Digital Signature", "pressed key ‹U1›", "sshd: Accepted publickey for joe from 10.0.0.1 port ‹n5› ssh2: RSA SHA256:‹b43›",
        "\"certInfo\":[{\"serialNumber\":\"‹n19›\",\"subject\":\"CN=a\",\"validFrom\":17‹n11›}]", "Host key fingerprint is SHA256:‹b43›", "known_hosts: a.example ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ‹b100›=", "EVP_PKEY_get: key type 6", "x-goog-hash: crc32c=‹b6›==",
    ]

    static let names = [
        "password.policy.min.length=‹n1›", "conf_security_password.policy.max.age=‹n2›", "passwordExpiryDays=‹n2›", "password_reset_url=https://a.example/reset", "passwordEncoder=bcrypt", "password-file: /etc/pw/‹l5›.txt", "PASSWORD_FILE=/run/secrets/‹l5›",
        "password_min_length: 1‹n1›", "password.history.count=5", "passwordRequired=true", "max_password_attempts=‹n1›", "isPasswordExpired: false", "has_password=true", "password_changed_at=2026-11-2‹n1›", "password_updated: 2026-11-2‹n1›T10:00:00Z", "password_hint=‹l6›",
        "<PasswordPolicy>strict‹n1›</PasswordPolicy>", "show_password=no", "passwordField=txt_‹l5›", "password_algorithm=PBKDF2WithHmacSHA256", "password_strength: 3", "secretName: ‹l5›-tls-‹n3›", "secret_id_ref=‹l6›", "secretRef: vault-‹l5›", "secret_path=kv/data/‹l6›",
        "secretKeyRef: {name: ‹l5›, key: pw}", "imagePullSecrets: [‹l6›-pull]", "secretary=‹U1›‹l5›", "token_type=Bearer", "\"token_type\":\"BearerToken\"", "tokenType: JWT", "token_endpoint=https://a.example/oauth/token", "token_expiry=3600", "accessTokenLifetime=‹n4›",
        "refreshTokenExpiresIn: ‹n5›", "access_token_validity_seconds=‹n4›", "tokenCount=‹n3›", "max_tokens: 4‹n3›", "num_tokens: 256", "nextPageToken: ‹w20›", "page_token=‹w16›", "continuation_token=‹w20›", "tokenizer=standard", "token_url: https://a.example/t",
        "api_key_name=orders-‹n3›", "apiKeyId: ‹a10›", "apikey.header.name=x-api-key", "api_key_location: header", "api_key_required=true", "client_id_issued_at=17‹n8›", "client_secret_expires_at=17‹n8›", "key_cache_size_in_mb: ‹n3›", "key_cache_save_period: ‹n5›",
        "authorizationUrl=https://a.example/auth", "authorization.enabled=true", "authorization_mode: strict", "AuthorizationPolicy: allow-‹l4›", "auth_type=basic", "authMethod: LDAP", "auth.provider=com.acme.auth.Provider‹n1›", "auth_timeout=‹n2›", "author=‹U1›‹l5› ‹U1›‹l6›",
        "authority=a.example:443", "cookie.secure=true", "cookie_name=JSESSIONID", "cookiePath=/app", "http.cookie.max.age=‹n4›", "session.cookie.name=sid", "session.store=redis", "sessionAffinity: ClientIP", "credentials_file=/opt/x/c.json", "credential_type: x509",
        "credentialsProvider=com.acme.CredentialsProvider", "signature_version=v4", "signatureAlgorithm=RS256", "nonce_size=16", "passthrough=true", "passenger=‹l6›", "compass=north-‹n2›", "bypass: ‹l5›", "passiveMode=true", "pass_count=‹n3›", "pwd=/opt/apigee/‹l5›",
        "PWD=/home/apigee", "OLDPWD=/opt/apigee/edge-router", "spring.main.banner=off", "pinned=true", "ping=‹n2›ms", "mapping=‹l5›", "spanId=‹x16›", "span.kind=client", "company=Acme‹n2›", "signed=true", "assignment=‹n4›", "inside=‹l4›", "residence=CH", "private.key.path=/etc/ssl/‹l5›.key",
        "privateKeyFile: /opt/apigee/‹l4›.pem", "ssl_certificate_key /etc/nginx/ssl/‹l4›.key;", "private_key_id_header=kid", "encryption_key_rotation_days=90", "encryption.key.provider=kms", "masterKeyAlias=alias/‹l6›", "access_key_rotation: 90d", "license_key_file=/opt/‹l4›.lic", "LICENSE_FILE=/tmp/license.txt",
        "otp_enabled=true", "otp.length=6", "mfa_required: yes", "pin_code_length=4", "cvv_required=true", "ssn_masked=true", "<Password ref=\"private.‹l6›\"/>", "<Secret ref=\"flow.‹l6›\"></Secret>", "<APIKey ref=\"request.header.x-api-key\"/>", "<Password ref=\"secret.‹l6›\"/>",
        "<Source>private.‹l5›.token</Source>", "<Token ref=\"flow.‹l4›.token\"/>", "<AccessToken>request.header.access_token</AccessToken>", "<ClientId>request.formparam.client_id</ClientId>", "<GrantType>request.formparam.grant_type</GrantType>", "grant_type=password&scope=x", "response_type=code&scope=openid",
        "<Header name=\"Access-Control-Allow-Headers\">Authorization, X-Api-Key, Cookie</Header>", "Access-Control-Expose-Headers: X-Auth-Token, Set-Cookie", "Vary: Authorization, Cookie", "WWW-Authenticate: Bearer realm=\"a\", error=\"invalid_token\"", "Proxy-Authenticate: Basic realm=\"x\"", "X-Content-Type-Options: nosniff",
        "code=‹n3›", "?code=404&key=name&sort=asc", "statusCode=‹n3›", "error_code=ORA-0‹n4›", "hash=‹x8›", "sig_count=‹n2›", "key=‹n4›&page=2",
    ]

    static let words = [
        "password=********", "password=xxxxxxxx", "password: [REDACTED]", "password=<hidden>", "password=(hidden)", "\"password\":\"****\"", "Authorization: ***", "Authorization: Bearer [REDACTED]", "Authorization: Basic ******", "api_key=XXXXXXXXXXXX", "password=null", "\"password\":null", "\"secret\":\"\"",
        "password=''", "password=\"\"", "PASSWORD=", "password=${DB_PASSWORD}", "password=${env:DB_PASSWORD}", "password=${vault.‹l5›}", "password={{ db_password }}", "password: {{ .Values.password }}", "password: '{{ vault_‹l5› }}'", "password=$DB_PASSWORD", "password=$(cat /run/pw)", "password=%DB_PASSWORD%", "password=@password@",
        "password: !Ref DbPassword", "password: !vault", "<password>${db.password}</password>", "<Password>{flow.‹l5›}</Password>", "token={request.header.x}", "Authorization: Bearer {flow.token}", "Authorization: Bearer ${TOKEN}", "Authorization: Bearer $TOKEN", "Authorization: Bearer <token>", "Authorization: Basic <base64>", "apikey={apikey}",
        "password=<password>", "password=<your password>", "password=YOUR_PASSWORD", "api_key=YOUR_API_KEY", "api_key=<YOUR_API_KEY>", "\"apiKey\": \"YOUR_API_KEY_HERE\"", "token: your-token-here", "client_secret=your_client_secret", "password=ref://pw", "secret=projects/acme/secrets/x/versions/1", "password=file:/etc/pw", "password=classpath:pw.txt",
        "password=/run/secrets/db_pw", "{\"password\":{\"type\":\"string\",\"minLength\":8}}", "{\"password\":[]}", "{\"token\":true}", "\"password\": \"string\"", "password: string", "passwd: files systemd", "shadow: files", "token=undefined", "apikey=null", "Cookie: ${cookie}", "secret=false", "password=none", "password=N/A",
        "password = REDACTED.password.0123456789ab", "token=REDACTED.jwt.‹x12›", "root:x:0:0:root:/root:/bin/bash", "apigee:!!:1‹n4›::::::", "sshd:*:1‹n4›:0:99999:7:::", "secret: required", "apiKey: optional", "token: expired", "password.label=Your password", "login.password=Password", "label.password = Enter your password", "form.password.placeholder=Choose a password",
        "password.confirm.label=Confirm password", "error.password=Wrong user name or password", "passwordLabel: \"Type your password\"", "<label for=\"password\">Password</label>", "<input type=\"password\" name=\"password\" id=\"pw\"/>", "\"password\": \"Your password\"", "msg.token.expired=The token has expired", "forgot.password=Forgot your password?",
    ]
}
