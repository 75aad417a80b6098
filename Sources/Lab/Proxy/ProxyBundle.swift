import Foundation

/// The exported revision of the lab's API proxy, with secrets where developers put them.
struct ProxyBundle: Sendable {
    let names: LabNames
    let secrets: PlantedSecrets
    let wiring: Wiring
    let backendHost: String
    let backendPort: Int

    /// Names of the policies, as the revision's description lists them.
    static let policies = ["AM-Headers", "BA-Partner", "GJ-Partner", "ML-Audit", "VA-Key"]

    /// Path within the archive → content.
    var files: [(path: String, text: String)] {
        [
            ("apiproxy/\(names.api).xml", descriptor),
            ("apiproxy/proxies/default.xml", proxyEndpoint),
            ("apiproxy/targets/default.xml", targetEndpoint),
            ("apiproxy/policies/AM-Headers.xml", assignMessage),
            ("apiproxy/policies/BA-Partner.xml", basicAuthentication),
            ("apiproxy/policies/GJ-Partner.xml", generateJWT),
            ("apiproxy/policies/ML-Audit.xml", messageLogging),
            ("apiproxy/policies/VA-Key.xml", verifyKey),
            ("apiproxy/resources/jsc/partner.js", script),
            ("apiproxy/resources/properties/partner.properties", properties),
            ("apiproxy/resources/properties/partner-key.pem", secrets[.resourceKey]),
        ]
    }

    /// The archive as `?format=bundle` gives it.
    func zip() -> Data {
        var writer = ZipWriter()
        for file in files { writer.add(file.path, Data(file.text.utf8)) }
        return writer.finish()
    }

    private static let prolog = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"# + "\n"

    private var descriptor: String {
        Self.prolog + """
            <APIProxy revision="\(names.revision)" name="\(names.api)">
                <Basepaths>\(names.basePath)</Basepaths>
                <ConfigurationVersion majorVersion="4" minorVersion="0"/>
                <CreatedAt>1745000000000</CreatedAt>
                <DisplayName>\(names.api)</DisplayName>
                <Policies>
            \(Self.policies.map { "        <Policy>\($0)</Policy>" }.joined(separator: "\n"))
                </Policies>
                <ProxyEndpoints>
                    <ProxyEndpoint>default</ProxyEndpoint>
                </ProxyEndpoints>
                <Resources>
                    <Resource>jsc://partner.js</Resource>
                    <Resource>properties://partner.properties</Resource>
                </Resources>
                <TargetEndpoints>
                    <TargetEndpoint>default</TargetEndpoint>
                </TargetEndpoints>
            </APIProxy>

            """
    }

    private var proxyEndpoint: String {
        Self.prolog + """
            <ProxyEndpoint name="default">
                <PreFlow name="PreFlow">
                    <Request>
            \(Self.policies.map { "            <Step><Name>\($0)</Name></Step>" }.joined(separator: "\n"))
                    </Request>
                    <Response/>
                </PreFlow>
                <HTTPProxyConnection>
                    <BasePath>\(names.basePath)</BasePath>
                    <VirtualHost>\(names.virtualHost)</VirtualHost>
                </HTTPProxyConnection>
                <RouteRule name="default">
                    <TargetEndpoint>default</TargetEndpoint>
                </RouteRule>
            </ProxyEndpoint>

            """
    }

    private var targetEndpoint: String {
        let connection =
            switch wiring {
            case .targetServer:
                """
                        <LoadBalancer>
                            <Server name="\(names.targetServer)"/>
                        </LoadBalancer>
                        <Path>/orders</Path>
                """
            case .endpoint, .direct:
                """
                        <SSLInfo>
                            <Enabled>true</Enabled>
                            <ClientAuthEnabled>true</ClientAuthEnabled>
                            <KeyStore>\(keystoreName)</KeyStore>
                            <KeyAlias>\(names.keyAlias)</KeyAlias>
                            <TrustStore>\(truststoreName)</TrustStore>
                        </SSLInfo>
                        <URL>https://\(backendHost):\(backendPort)/orders</URL>
                """
            }
        return Self.prolog + """
            <TargetEndpoint name="default">
                <PreFlow name="PreFlow">
                    <Request/>
                    <Response/>
                </PreFlow>
                <HTTPTargetConnection>
            \(connection)
                </HTTPTargetConnection>
            </TargetEndpoint>

            """
    }

    /// The keystore as SSLInfo names it.
    var keystoreName: String { wiring == .direct ? names.keystore : "ref://\(names.keystoreReference)" }
    /// The trust store as SSLInfo names it.
    var truststoreName: String { wiring == .direct ? names.truststore : "ref://\(names.truststoreReference)" }

    private var assignMessage: String {
        let credentials = "partner:\(secrets[.policyBasic])".base64
        return Self.prolog + """
            <AssignMessage name="AM-Headers">
                <DisplayName>AM-Headers</DisplayName>
                <Set>
                    <Headers>
                        <Header name="Authorization">Basic \(credentials)</Header>
                        <Header name="X-Environment">\(names.env)</Header>
                    </Headers>
                </Set>
                <AssignTo createNew="false" type="request"/>
            </AssignMessage>

            """
    }

    private var basicAuthentication: String {
        Self.prolog + """
            <AssignMessage name="BA-Partner">
                <AssignVariable>
                    <Name>partner.password</Name>
                    <Value>\(PlantedSecret.xmlEscaped(secrets[.policyPassword]))</Value>
                </AssignVariable>
                <AssignVariable>
                    <Name>partner.user</Name>
                    <Value>orders-gateway</Value>
                </AssignVariable>
            </AssignMessage>

            """
    }

    private var generateJWT: String {
        Self.prolog + """
            <GenerateJWT name="GJ-Partner">
                <Algorithm>HS256</Algorithm>
                <SecretKey encoding="base64">
                    <Value ref="private.partner.key">\(secrets[.policyJWTKey])</Value>
                </SecretKey>
                <Issuer>urn://\(names.company)</Issuer>
                <ExpiresIn>10m</ExpiresIn>
                <OutputVariable>partner.jwt</OutputVariable>
            </GenerateJWT>

            """
    }

    private var messageLogging: String {
        Self.prolog + """
            <MessageLogging name="ML-Audit">
                <Syslog>
                    <Message>{"token":"\(secrets[.policyLogToken])","messageid":"{messageid}"}</Message>
                    <Host>logs.\(names.company).example</Host>
                    <Port>6514</Port>
                    <Protocol>TCP</Protocol>
                </Syslog>
            </MessageLogging>

            """
    }

    private var verifyKey: String {
        Self.prolog + """
            <VerifyAPIKey name="VA-Key">
                <APIKey ref="request.queryparam.apikey"/>
            </VerifyAPIKey>

            """
    }

    private var script: String {
        """
        // Calls the partner with the gateway's own token.
        var apiToken = "\(secrets[.resourceScript])";
        context.setVariable("partner.region", "\(names.region)");

        """
    }

    private var properties: String {
        """
        # Partner connection
        partner.host=orders.\(names.company).example
        partner.timeout=30000
        partner.password=\(secrets[.resourcePassword])

        """
    }
}
