import Foundation

/// Every secret that the lab plants, by what it is.
enum SecretKey: String, CaseIterable {
    // What the operator types.
    case managementPassword = "management-password"
    case managementToken = "management-token"
    case loginPasscode = "login-passcode"
    // What the client application sends.
    case clientToken = "client-bearer-token"
    case clientCookie = "client-session-cookie"
    case clientAPIKey = "client-api-key"
    case requestPassword = "request-body-password"
    case requestCard = "request-body-card"
    // What flows through the proxy.
    case kvmEntry = "kvm-entry"
    case kvmToken = "kvm-partner-token"
    case flowJWT = "flow-variable-jwt"
    case accessToken = "flow-variable-access-token"
    case developerEmail = "developer-email"
    case responseToken = "response-body-token"
    case responseCookie = "response-set-cookie"
    // What the proxy holds.
    case policyPassword = "policy-inline-password"
    case policyJWTKey = "policy-jwt-key"
    case policyBasic = "policy-basic-authorization"
    case policyLogToken = "policy-message-logging-token"
    case resourcePassword = "resource-properties-password"
    case resourceScript = "resource-script-token"
    case resourceKey = "resource-private-key"
    // What the node holds.
    case ldapPassword = "properties-ldap-password"
    case cassandraPassword = "properties-cassandra-password"
    case jmxPassword = "properties-jmx-password"
    case smtpPassword = "properties-smtp-password"
    case keystorePassword = "properties-keystore-password"
    case jdbcPassword = "properties-jdbc-password"
    case proxyPassword = "properties-proxy-url-password"
    case tokenFilePassword = "token-file-password"
    case adminPassword = "silent-config-admin-password"
    case routerKey = "router-private-key"
    case clientKey = "client-certificate-private-key"
    // What logs hold.
    case logPassword = "log-key-value-password"
    case logBasic = "log-basic-authorization"
    case logURLPassword = "log-url-password"
    case logJSONSecret = "log-json-client-secret"
    case logXMLPassword = "log-xml-password"
    case oldLogToken = "rotated-log-bearer-token"
    case consolePassword = "console-log-java-property"
    case payloadSecret = "message-logging-payload"
    // What the other components hold.
    case uiPassword = "ui-log-password"
    case postgresPassword = "postgresql-log-role-password"
    case cassandraKeystore = "cassandra-keystore-password"
    case microgatewaySecret = "microgateway-client-secret"
    case javaArgument = "java-argument-truststore-password"

    /// A new value, but for the private keys, which are made elsewhere.
    func newValue() -> String {
        switch self {
        case .managementPassword, .requestPassword, .kvmEntry, .policyPassword, .logXMLPassword, .logJSONSecret:
            RandomValues.awkwardPassword()
        case .managementToken, .clientToken, .flowJWT, .oldLogToken:
            Self.token()
        case .requestCard: RandomValues.cardNumber()
        case .developerEmail: "\(RandomValues.word()).\(RandomValues.word(syllables: 4))@\(RandomValues.word()).example"
        case .clientCookie, .responseCookie: RandomValues.string(26)
        case .clientAPIKey: RandomValues.string(32)
        case .policyJWTKey: RandomValues.string(44)
        default: RandomValues.password()
        }
    }

    /// A JSON Web Token (RFC 7519) with a random signature; nobody can check it.
    private static func token() -> String {
        let header = Base64URL.encode(#"{"alg":"RS256","typ":"JWT"}"#)
        let claims = Base64URL.encode(
            #"{"sub":"\#(RandomValues.word())","jti":"\#(RandomValues.string(16))","exp":4102444800}"#)
        return "\(header).\(claims).\(RandomValues.string(86))"
    }

    /// Where the value is, as in ``PlantedSecret/places``; `{log}` stands for the Message Processor's log folder,
    /// `{access}` for the router's access log.
    var places: [String] {
        switch self {
        case .managementPassword, .managementToken, .loginPasscode: ["memory", "wire"]
        case .clientToken: ["curl", "trace", "wire", "file:{log}/system.log"]
        case .clientCookie: ["curl", "trace", "wire"]
        case .clientAPIKey: ["curl", "trace", "wire", "file:{access}", "file:{log}/system.log"]
        case .requestPassword, .requestCard: ["trace", "wire"]
        case .kvmEntry, .kvmToken: ["trace", "api:keyvaluemaps"]
        case .flowJWT, .accessToken, .developerEmail: ["trace"]
        case .responseToken, .responseCookie: ["memory"]
        case .policyPassword: ["zip:apiproxy/policies/BA-Partner.xml"]
        case .policyJWTKey: ["zip:apiproxy/policies/GJ-Partner.xml"]
        case .policyBasic: ["zip:apiproxy/policies/AM-Headers.xml"]
        case .policyLogToken: ["zip:apiproxy/policies/ML-Audit.xml"]
        case .resourcePassword: ["zip:apiproxy/resources/properties/partner.properties"]
        case .resourceScript: ["zip:apiproxy/resources/jsc/partner.js"]
        case .resourceKey: ["zip:apiproxy/resources/properties/partner-key.pem"]
        case .ldapPassword, .jmxPassword: ["file:opt/apigee/customer/application/management-server.properties"]
        case .cassandraPassword, .keystorePassword, .proxyPassword:
            ["file:opt/apigee/customer/application/message-processor.properties"]
        case .jdbcPassword: ["file:opt/apigee/customer/application/postgres-server.properties"]
        case .smtpPassword: ["file:opt/apigee/customer/application/ui.properties"]
        case .tokenFilePassword: ["file:opt/apigee/token/application/message-processor.properties"]
        case .adminPassword: ["file:opt/silent.conf"]
        case .routerKey: ["file:opt/apigee/customer/conf/router-tls.key"]
        case .clientKey: ["memory"]
        case .logPassword, .logBasic, .logURLPassword, .logJSONSecret, .logXMLPassword: ["file:{log}/system.log"]
        case .oldLogToken: ["file:{log}/system.log.1"]
        case .consolePassword: ["file:opt/apigee/var/log/edge-message-processor/edge-message-processor.log"]
        case .payloadSecret: ["file:{messagelogging}/payload.log"]
        case .uiPassword: ["file:opt/apigee/var/log/edge-ui/application.log"]
        case .postgresPassword: ["file:opt/apigee/var/log/apigee-postgresql/apigee-postgresql.log"]
        case .cassandraKeystore: ["file:opt/apigee/apigee-cassandra/conf/cassandra.yaml"]
        case .microgatewaySecret: ["memory"]
        case .javaArgument: ["memory"]
        }
    }
}

/// Base64 with the URL-safe alphabet and no padding (RFC 4648 section 5).
enum Base64URL {
    static func encode(_ text: String) -> String {
        text.base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
