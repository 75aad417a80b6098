/// Values that only their name gives away, with names as people write them.
enum NamedKinds {
    private static let human = [
        "Summer‹n4›!", "hunter‹n2›", "P@ssw0rd‹n2›", "‹l6›-‹l5›-‹l7›", "‹w12›", "‹p14-20›", "Tr0ub4dor‹n1›", "‹l8›‹n2›",
        "changeme‹n1›",
        "‹U1›‹l7›#‹n3›", "‹n8›", "My$ecret‹n3›", "qwerty‹n3›", "‹l10›",
    ]
    private static let opaque = [
        "‹w32›", "‹x32›", "‹x64›", "‹u43›", "‹b43›=", "‹w20›", "‹w40›", "‹x8›-‹x4›-‹x4›-‹x4›-‹x12›",
    ]
    private static let short = ["‹w16›", "‹x16›", "‹w24›", "‹x40›"]

    static let all: [SecretKind] = [
        .init("password", names: ["password", "Password", "PASSWORD", "passwd", "pwd", "pass", "PASS"], human),
        .init(
            "user-password",
            names: [
                "user_password", "userPassword", "login.password", "userPwd", "newPassword", "old_password",
                "password_confirmation",
            ], human),
        .init(
            "admin-password",
            names: [
                "ADMIN_PASSWORD", "apigee_adminpw", "APIGEE_ADMINPW", "ADMINPW", "adminPassword", "admin.passwd",
                "ROOT_PASS", "rootpw",
            ], human),
        .init(
            "ldap-password",
            names: [
                "APIGEE_LDAPPW", "ldap.bind.password", "bind_pw", "bindPassword", "bindpw", "LDAP_BIND_PASSWORD",
                "conf_apigee-ldap_root.pw", "olcRootPW", "java.naming.security.credentials",
            ], human),
        .init(
            "mail-password",
            names: [
                "SMTPPASSWORD", "smtp_password", "mail.smtp.password", "SMTP_PASS",
                "conf_apigee_apigee.mgmtui.mail.password",
            ], human),
        .init(
            "database-password",
            names: [
                "spring.datasource.password", "DB_PASS", "DB_PASSWORD", "db.pwd", "database.password",
                "MYSQL_ROOT_PASSWORD", "MYSQL_PWD", "POSTGRES_PASSWORD", "PGPASSWORD", "PG_PWD", "jdbc.password",
                "hibernate.connection.password", "CASS_PASSWORD", "conf_cassandra_password", "mongo_pass", "ORACLE_PWD",
            ], human),
        .init(
            "keystore-password",
            names: [
                "javax.net.ssl.keyStorePassword", "keystorePassword", "KEYSTORE_PASS", "keyStorePass", "keystore_pw",
                "storepass", "keypass", "KEY_PASSPHRASE", "server.ssl.key-store-password", "ssl.keystore.password",
                "conf_keystore_password", "conf_message-processor-communication_local.http.ssl.keystore.password",
                "keyPassword", "key.pwd",
            ], human),
        .init(
            "truststore-password",
            names: [
                "javax.net.ssl.trustStorePassword", "trust_store_password", "truststorePass",
                "server.ssl.trust-store-password",
            ], human),
        .init(
            "redis-password",
            names: ["requirepass", "REDIS_PASSWORD", "spring.redis.password", "redis.pass", "masterauth"], human),
        .init(
            "queue-password",
            names: [
                "rabbitmq_default_pass", "RABBITMQ_PASSWORD", "spring.rabbitmq.password", "qpid.password",
                "sasl.password", "sasl_plain_password",
            ], human),
        .init(
            "proxy-password",
            names: ["http.proxyPassword", "proxy_pass_word", "https.proxyPassword", "HTTP_PROXY_PASSWORD", "proxyPwd"],
            human),
        .init("jmx-password", names: ["JMX_PASSWORD", "jmx.remote.password", "conf_cassandra_jmx_password"], human),
        .init(
            "passphrase",
            names: [
                "passphrase", "pass_phrase", "ssh-passphrase", "keyPassphrase", "SSL_PASSPHRASE", "wpa_passphrase",
            ], human + ["correct horse battery ‹n2›"]),
        .init("passcode", names: ["passcode", "PASSCODE", "userPasscode", "access.passcode"], ["‹n6›", "‹w8›"]),
        .init(
            "psk", names: ["psk", "PSK", "wifi_psk", "ipsec.psk", "pre_shared_key", "preSharedKey", "pre-shared-key"],
            human + ["‹x64›"]),
        .init(
            "secret",
            names: [
                "secret", "SECRET", "app_secret", "appSecret", "app.secret", "shared_secret", "sharedSecret",
                "radius-secret",
            ], opaque + human),
        .init(
            "client-secret",
            names: [
                "client_secret", "clientSecret", "client-secret", "CLIENT_SECRET", "oauth2.client.secret",
                "OAUTH_CLIENT_SECRET", "keycloak.credentials.secret",
            ], opaque),
        .init(
            "consumer-secret",
            names: ["consumerSecret", "consumer_secret", "ConsumerSecret", "TWITTER_CONSUMER_SECRET"], short),
        .init("jwt-secret", names: ["JWT_SECRET", "jwt.secret", "jwtSecret", "JWT_SECRET_KEY"], opaque),
        .init(
            "session-secret",
            names: [
                "SESSION_SECRET", "session.secret", "cookieSecret", "COOKIE_SECRET", "secretKeyBase", "SECRET_KEY_BASE",
                "SECRET_KEY", "secret_key", "play.http.secret.key",
            ], opaque),
        .init(
            "webhook-secret",
            names: ["WEBHOOK_SECRET", "webhookSecret", "signing_secret", "SLACK_SIGNING_SECRET", "hub.secret"], opaque),
        .init(
            "aws-secret",
            names: [
                "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "awsSecretKey", "aws.secretKey", "SecretAccessKey",
                "s3.secret-key",
            ], ["‹b40›"]),
        .init(
            "aws-session-token",
            names: ["aws_session_token", "AWS_SESSION_TOKEN", "SessionToken", "x-amz-security-token"],
            ["IQoJb3JpZ2luX2Vj‹b200›", "FwoGZXIvYXdzE‹b160›=="]),
        .init(
            "api-key",
            names: [
                "api_key", "apiKey", "apikey", "API_KEY", "x-api-key", "X-Api-Key", "X-API-KEY", "api-key", "APIKEY",
                "google.api.key", "service_apikey", "DD_API_KEY",
            ], opaque),
        .init("consumer-key", names: ["consumerKey", "consumer_key", "ConsumerKey", "oauth_consumer_key"], short),
        .init(
            "subscription-key", names: ["Ocp-Apim-Subscription-Key", "subscription-key", "subscriptionKey"], ["‹x32›"]),
        .init("function-key", names: ["x-functions-key", "X-Functions-Key"], ["‹w52›=="]),
        .init(
            "account-key",
            names: ["AccountKey", "accountKey", "storage_account_key", "AZURE_STORAGE_KEY", "STORAGE_KEY"], ["‹b86›=="]),
        .init(
            "shared-access-key",
            names: ["SharedAccessKey", "sharedAccessKey", "shared_access_key", "SharedAccessSignature"], ["‹b43›="]),
        .init("access-key", names: ["access_key", "accessKey", "ACCESS_KEY", "access-key"], short),
        .init("license-key", names: ["license_key", "licenseKey", "LICENSE_KEY"], ["‹A5›-‹A5›-‹A5›-‹A5›", "‹w24›"]),
        .init(
            "encryption-key",
            names: [
                "encryption_key", "encryptionKey", "ENCRYPTION_KEY", "data.encryption.key", "aes_key", "aesKey",
                "cipherKey", "secretEncryptionKey",
            ], opaque),
        .init(
            "signing-key",
            names: [
                "signing_key", "signingKey", "SIGNING_KEY", "hmac_key", "hmacKey", "HMAC_SECRET", "jwt.signing.key",
            ], opaque),
        .init(
            "master-key", names: ["master_key", "masterKey", "RAILS_MASTER_KEY", "MASTER_KEY", "MEILI_MASTER_KEY"],
            ["‹x32›", "‹w32›"]),
        .init(
            "private-key-name", names: ["private_key", "privateKey", "PRIVATE_KEY", "private-key", "WG_PRIVATE_KEY"],
            ["‹b43›=", "‹x64›"]),
        .init("auth-key", names: ["auth_key", "authKey", "AUTH_KEY", "authkey", "TS_AUTHKEY"], opaque),
        .init(
            "access-token",
            names: [
                "access_token", "accessToken", "ACCESS_TOKEN", "access-token", "github.access.token",
                "apigee.access_token", "fb_access_token",
            ], short + opaque),
        .init("refresh-token", names: ["refresh_token", "refreshToken", "REFRESH_TOKEN"], short + opaque),
        .init("id-token", names: ["id_token", "idToken", "id_token_hint"], ["‹w40›"]),
        .init(
            "auth-token",
            names: [
                "auth_token", "authToken", "AUTH_TOKEN", "X-Auth-Token", "x-auth-token", "_authToken", "NPM_AUTH_TOKEN",
                "SENTRY_AUTH_TOKEN",
            ], short + opaque),
        .init(
            "api-token",
            names: ["api_token", "apiToken", "API_TOKEN", "JIRA_API_TOKEN", "x-api-token", "CF_API_TOKEN"],
            short + opaque),
        .init(
            "private-token",
            names: [
                "PRIVATE-TOKEN", "private_token", "X-Gitlab-Token", "DEPLOY_TOKEN", "CI_JOB_TOKEN", "X-JFrog-Art-Api",
                "bot_token", "device_token", "personal_access_token", "GH_TOKEN", "GITHUB_TOKEN", "registry.token",
            ], short),
        .init("vault-token", names: ["X-Vault-Token", "VAULT_TOKEN", "vault.token"], ["s.‹w24›", "‹w26›"]),
        .init(
            "csrf-token",
            names: [
                "csrf_token", "csrfToken", "X-CSRF-Token", "X-XSRF-TOKEN", "_csrf", "authenticity_token",
                "csrfmiddlewaretoken", "__RequestVerificationToken",
            ], short),
        .init("bearer", names: ["bearer_token", "bearerToken", "BEARER_TOKEN"], short),
        .init("token", names: ["token", "TOKEN", "Token", "x-token", "user.token", "tokenValue"], short),
        .init(
            "session-id",
            names: [
                "JSESSIONID", "PHPSESSID", "session_id", "sessionId", "connect.sid", "ASP.NET_SessionId", "SESSIONID",
                "sessionToken",
            ], ["‹X32›", "‹a26›", "‹w24›"]),
        .init(
            "saml", names: ["SAMLResponse", "samlAssertion", "saml_response", "SAMLart"], ["PHNhbWxwOlJlc3BvbnNl‹w80›"]),
        .init("assertion", names: ["client_assertion", "clientAssertion", "assertion"], ["‹w64›"]),
        .init("code-verifier", names: ["code_verifier", "codeVerifier"], ["‹u43›"]),
        .init(
            "oauth-one", names: ["oauth_token", "oauth_token_secret", "oauth_verifier", "oauthToken", "token_secret"],
            short),
        .init(
            "oauth-signature",
            names: [
                "oauth_signature", "X-Amz-Signature", "X-Goog-Signature", "x-hub-signature", "X-Hub-Signature-256",
                "request_signature",
            ], ["‹x64›", "‹b27›="]),
        .init(
            "credentials", names: ["credentials", "credential", "creds", "userCredentials", "DOCKER_CREDENTIALS"],
            ["‹l4›:‹w12›", "‹w24›"]),
        .init(
            "otp",
            names: [
                "otp", "OTP", "totp_secret", "mfa_token", "mfaCode", "one_time_password", "verification_code",
                "otp_code", "totp",
            ], ["‹n6›"]),
        .init("pin", names: ["pin", "PIN", "user_pin", "cardPin", "pinCode"], ["‹n4›"]),
        .init("cvv", names: ["cvv", "CVV", "cvc", "cvv2", "card_cvv", "securityCode"], ["‹n3›"]),
        .init(
            "ssn", names: ["ssn", "SSN", "social_security_number", "socialSecurityNumber", "customer_ssn"],
            ["‹n3›-‹n2›-‹n4›"]),
        .init(
            "card-number", names: ["card_number", "cardNumber", "creditCard", "credit_card_number", "ccNumber"],
            ["4‹n15›", "5‹n15›"]),
        .init(
            "seed", names: ["mnemonic", "seed_phrase", "seedPhrase", "recovery_phrase"],
            ["‹l5› ‹l6› ‹l4› ‹l7› ‹l5› ‹l6›"]),
        .init(
            "recovery", names: ["recovery_code", "backup_code", "security_answer", "securityAnswer", "unlock_code"],
            ["‹w10›", "‹n8›"]),
        .init("snmp", names: ["snmp_community", "snmpCommunity", "community_string", "SNMP_COMMUNITY"], ["‹l6›‹n2›"]),
        .init(
            "kerberos",
            names: ["krbPrincipalKey", "unicodePwd", "sambaNTPassword", "sambaLMPassword", "keytab_password"], ["‹X32›"]
        ),
        .init("wsse", names: ["PasswordDigest", "wsse-password"], ["‹b27›="]),
        .init(
            "instrumentation",
            names: [
                "splunk_token", "hec_token", "datadog_app_key", "NEW_RELIC_LICENSE_KEY", "instrumentationKey",
                "APPINSIGHTS_INSTRUMENTATIONKEY",
            ], ["‹x8›-‹x4›-‹x4›-‹x4›-‹x12›", "‹x40›"]),
        .init(
            "edge-silent",
            names: [
                "APIGEE_ADMINPW", "APIGEE_PORT_HTTP_PASSWORD", "USER_PWD", "PG_PWD", "SMTPPASSWORD", "NEW_USER_PWD",
                "APIGEE_LDAPPW",
            ], human),
    ]
}
