/// What an item is. The raw value is the folder below `items/` and the word in the manifest and in playbooks.
public enum ItemKind: String, Codable, Sendable, CaseIterable, Hashable {
    case errorMessage = "error-message"
    case curlCommand = "curl-command"
    case organization
    case environment
    case apiProxy = "api-proxy"
    case trace
    case messageProcessorLog = "message-processor-log"
    case routerLog = "router-log"
    case managementServerLog = "management-server-log"
    case packetCapture = "packet-capture"
    case keystoreCertificates = "keystore-certificates"
    case truststoreCertificates = "truststore-certificates"
    case acceptedIssuers = "accepted-issuers"
    case references
    case targetServers = "target-servers"
    case virtualHosts = "virtual-hosts"
    case deployments
    case runtime
    case servers
    case node
    case configuration
    case threads
    case heap
    case network
    case componentStatus = "component-status"
    case startupLogs = "startup-logs"
    case zookeeper
    case cassandra
    case qpid
    case postgres
    case analytics
    case uiLog = "ui-log"
    case microgatewayLog = "microgateway-log"
    case tried
}
