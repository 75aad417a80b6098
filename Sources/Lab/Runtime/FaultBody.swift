import Foundation

/// The JSON that a client gets when the Message Processor can't reach the target.
struct FaultBody: Sendable {
    let text: String
    let code: String
    /// The `faultstring`.
    let string: String
    let status: Int
    let phrase: String
    let source: String?
    /// The property `error.cause` of the trace; nil leaves the TLS engine's word.
    let cause: String?

    init(string: String, code: String) {
        self.code = code
        (status, phrase, source, cause) = (503, "Service Unavailable", "target", nil)
        self.string = string
        text = #"{"fault":{"faultstring":"\#(PlantedSecret.jsonEscaped(string))","detail":{"errorcode":"\#(code)"}}}"#
    }

    /// The fault that a symptom shows.
    init(_ symptom: Symptom) {
        text = symptom.body
        code = symptom.faultCode ?? ""
        string = symptom.phrase
        (status, phrase, source) = (symptom.status, symptom.phrase, symptom.faultSource)
        cause = symptom.cause ?? symptom.phrase
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
