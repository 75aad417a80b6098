import Foundation

/// The JSON that a client gets when the Message Processor can't reach the target.
struct FaultBody: Sendable {
    let text: String
    let code: String
    /// The `faultstring`.
    let string: String

    init(string: String, code: String) {
        self.code = code
        self.string = string
        text = #"{"fault":{"faultstring":"\#(PlantedSecret.jsonEscaped(string))","detail":{"errorcode":"\#(code)"}}}"#
    }

    /// The fault for an exception of the TLS engine.
    static func handshake(_ message: String) -> FaultBody {
        message.contains("PKIX path building failed")
            ? FaultBody(
                string: "SSL Handshake failed sun.security.validator.ValidatorException: "
                    + message.replacingOccurrences(of: "sun.security.validator.ValidatorException: ", with: ""),
                code: "messaging.adaptors.http.flow.SslHandshakeFailed")
            : FaultBody(
                string: "The Service is temporarily unavailable",
                code: "messaging.adaptors.http.flow.ServiceUnavailable")
    }
}
