/// Everything one transfer needs, decided before its thread starts.
struct TransferPlan: Sendable {
    var address: WebAddress
    var request: HTTPRequest
    var options: HTTPOptions
    var proxy: ProxyChoice
    /// PEM file of authorities; nil leaves libcurl's own.
    var caFile: String?
    /// True when the connection may only go to an address of this machine.
    var thisMachineOnly: Bool
    var maxBytes: Int
    var timeout: Duration

    init(request: HTTPRequest, address: WebAddress, options: HTTPOptions, timeout: Duration) {
        self.request = request
        self.address = address
        self.options = options
        self.timeout = timeout
        maxBytes = max(0, request.maxBytes ?? options.maxBytes)
        thisMachineOnly =
            !address.isTLS && request.carriesCredentials && request.plainHTTP == .thisMachineOnly && !options.allowHTTP
        proxy =
            thisMachineOnly
            ? .direct
            : ProxyChoice(
                for: address, explicit: request.proxy ?? options.proxy, noProxy: request.noProxy,
                environment: options.environment)
        caFile =
            request.caFile ?? options.caFile ?? CertificateAuthorities.systemFile(environment: options.environment)
    }

    /// True when only the given authorities count, not those of the system's folder.
    var hasOwnAuthorities: Bool { request.caFile != nil || options.caFile != nil }
}

extension Duration {
    /// Whole milliseconds, at least 1, at most about 24 days, as libcurl's `long` options take them.
    var boundedMilliseconds: Int {
        let (seconds, attoseconds) = components
        let whole = min(max(seconds, 0), 2_000_000)
        return max(1, Int(whole) * 1000 + Int(max(attoseconds, 0) / 1_000_000_000_000_000))
    }

    var boundedSeconds: Int { max(1, (boundedMilliseconds + 999) / 1000) }
}
