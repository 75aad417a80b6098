import CCurl
import Glibc

extension EdgeError {
    /// The error of a transfer that did not end well, from libcurl's code and what else is known.
    init(outcome: TransferOutcome, plan: TransferPlan, subject: String, partial: HTTPResponse?) {
        let host = plan.address.host
        let detail = outcome.detail
        func error(_ code: Code, _ reason: String, _ hint: String) -> EdgeError {
            EdgeError(code, subject: subject, reason: reason, hint: hint, partial: partial)
        }
        self =
            if outcome.refusedAddress {
                .insecureHTTP(subject: subject, host: host)
            } else if outcome.cancelled {
                .cancelled(subject)
            } else if outcome.bodyTooLarge {
                error(
                    .tooLarge(limit: plan.maxBytes), "the answer is larger than \(plan.maxBytes) bytes",
                    "ask for less, or raise the limit with --max-item-size")
            } else if outcome.headersTooLarge {
                error(.protocolViolation, "the answer has too many header bytes", "check that this is the right server")
            } else {
                switch outcome.code {
                case CURLE_OPERATION_TIMEDOUT: Self.timeOut(outcome, plan, subject, partial)
                case CURLE_COULDNT_RESOLVE_HOST:
                    error(
                        .dns, "the name \(host) cannot be resolved",
                        "check the spelling, /etc/resolv.conf and /etc/hosts, or whether a proxy is needed (--http-proxy)"
                    )
                case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
                    error(.proxy, detail, "check --http-proxy, https_proxy and NO_PROXY")
                case CURLE_COULDNT_CONNECT: Self.notConnected(outcome, plan, subject)
                case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
                    CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED,
                    CURLE_SSL_CLIENTCERT:
                    error(.tls, detail, Self.tlsHint(detail))
                case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_READ_ERROR:
                    error(
                        .localFile, detail,
                        "check that the files of --cacert, --client-cert and --client-key exist, are PEM and can be read"
                    )
                case CURLE_RECV_ERROR where detail.lowercased().contains("chunk"):
                    error(.protocolViolation, detail, "check that this is the right server and port")
                case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
                    CURLE_HTTP2_STREAM:
                    Self.cutOff(outcome, plan, subject, partial)
                case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
                    error(.protocolViolation, detail, "check that this is the right server and port")
                case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_SETOPT_OPTION_SYNTAX:
                    error(.invalidRequest, "the request cannot be sent as it is", "check the URL, names and options")
                case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT:
                    error(.resources, detail, "free some memory and file descriptors, then try again")
                default: error(.connectionFailed, detail, "check the network between this machine and \(host)")
                }
            }
    }

    static func insecureHTTP(subject: String, host: String) -> EdgeError {
        EdgeError(
            .insecureHTTP, subject: subject,
            reason: "credentials would go unencrypted to \(host), which is not this machine; nothing was sent",
            hint: "use an https URL (--mgmt https://…), run it on the management server, or accept it with --allow-http"
        )
    }

    private static func timeOut(
        _ outcome: TransferOutcome, _ plan: TransferPlan, _ subject: String, _ partial: HTTPResponse?
    ) -> EdgeError {
        let connected = outcome.wasConnected || !outcome.headerBlock.isEmpty
        let reason =
            connected
            ? "no complete answer after \(outcome.times.total) ms, \(outcome.body.count) bytes of the body received"
            : "no connection after \(outcome.times.total) ms"
        return EdgeError(
            .timeOut, subject: subject, reason: reason,
            hint: connected
                ? "the server is slow or overloaded; try again later or raise --time-limit"
                : "a firewall may drop the packets: check host, port and route, or whether a proxy is needed (--http-proxy)",
            partial: partial)
    }

    private static func notConnected(_ outcome: TransferOutcome, _ plan: TransferPlan, _ subject: String) -> EdgeError {
        let host = plan.address.authority
        if plan.proxy.url != nil {
            return EdgeError(
                .proxy, subject: subject, reason: "the proxy does not answer",
                hint: "check --http-proxy, http_proxy, https_proxy and NO_PROXY")
        }
        if outcome.systemError == ECONNREFUSED {
            return EdgeError(
                .connectionRefused, subject: subject, reason: "\(host) refuses the connection",
                hint: "check host and port, and that the service runs (apigee-service edge-management-server status)")
        }
        let why = outcome.systemError > 0 ? unsafe String(cString: strerror(outcome.systemError)) : outcome.detail
        return EdgeError(
            .connectionFailed, subject: subject, reason: "cannot connect to \(host): \(why)",
            hint: "check host, port, route and firewall")
    }

    private static func cutOff(
        _ outcome: TransferOutcome, _ plan: TransferPlan, _ subject: String, _ partial: HTTPResponse?
    ) -> EdgeError {
        if outcome.proxyStatus >= 300 {
            return EdgeError(
                .proxy, subject: subject, reason: "the proxy refuses to connect (\(outcome.proxyStatus))",
                hint: outcome.proxyStatus == 407
                    ? "the proxy wants a login: put it into the URL in the variable https_proxy"
                    : "ask for access through the proxy, or name the host in NO_PROXY")
        }
        let reason =
            outcome.headerBlock.isEmpty
            ? "the connection was closed before an answer"
            : "the connection was closed after \(outcome.body.count) bytes of the body"
        return EdgeError(
            .cutOff, subject: subject, reason: reason,
            hint: plan.address.isTLS
                ? "try again; a load balancer or firewall between may close connections"
                : "try again; if the port speaks TLS, use an https URL", partial: partial)
    }

    private static func tlsHint(_ detail: String) -> String {
        let detail = detail.lowercased()
        if detail.contains("wrong version number") || detail.contains("packet length too long") {
            return "the port seems to speak plain http: check the port, or use an http URL"
        }
        if detail.contains("self-signed") || detail.contains("self signed") || detail.contains("local issuer")
            || detail.contains("unknown ca")
        {
            return "give the certificate of the authority that signed the server's with --cacert FILE"
        }
        if detail.contains("subject") || detail.contains("host name") || detail.contains("hostname") {
            return "use the host name that stands in the server's certificate"
        }
        if detail.contains("expired") || detail.contains("not yet valid") {
            return "check this machine's clock, and renew the server's certificate"
        }
        if detail.contains("alert") && (detail.contains("certificate") || detail.contains("handshake failure")) {
            return "the server may want a client certificate: --client-cert and --client-key"
        }
        return "compare with: openssl s_client -connect HOST:PORT -servername HOST"
    }
}
