import EdgeAPI
import Glibc

let emptyEnvironment: [String: String] = [:]

/// A client that sees none of this machine's proxies.
func makeClient(_ change: (inout HTTPOptions) -> Void = { _ in }) -> HTTPClient {
    var options = HTTPOptions(environment: emptyEnvironment)
    options.timeout = .seconds(20)
    change(&options)
    return HTTPClient(options: options)
}

/// The error of a request that must fail.
func failure<R>(_ body: () async throws(EdgeError) -> R) async -> EdgeError? {
    do throws(EdgeError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// Everything that a value shows of itself.
func everythingShown(_ value: Any) -> String {
    var text = "\(value)" + String(reflecting: value)
    dump(value, to: &text)
    return text
}

/// Pauses a server's thread between two bytes.
func usleepMilliseconds(_ milliseconds: UInt32) { usleep(milliseconds * 1000) }
