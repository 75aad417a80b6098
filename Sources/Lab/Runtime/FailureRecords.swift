import Foundation

/// The three records that a Message Processor writes when the handshake with a target fails.
struct FailureRecords: Sendable {
    let names: LabNames
    let clock: LogClock
    let variants: LabVariants
    let keystoreHash: String
    let truststoreHash: String

    /// One failed connection.
    struct Failure: Sendable {
        let time: Date
        let messageID: String
        let backend: String
        let local: String
        let milliseconds: Int
        let exceptionClass: String
        let message: String
        let frames: [String]
        let thread: Int
    }

    /// The records with their stack trace, each line ended.
    func text(_ failure: Failure) -> String {
        let second = failure.time.addingTimeInterval(0.001)
        let first = start(failure.time, failure)
        let channelNumber = Int.random(in: 10_000...99_999)
        let requestHash = RandomValues.string(8, of: RandomValues.hex)
        var text = """
            \(first) ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : \
            SSLClientChannel[\(channel(failure))]@\(channelNumber) useCount=1 bytesRead=0 bytesWritten=0 \
            age=\(failure.milliseconds)ms lastIO=\(failure.milliseconds)ms handshake failed, message: \(failure.message)
            \(first) ERROR HTTP.CLIENT - HTTPClient$Context.handshakeFailed() : \
            SSLInfo: KeyStore:java.security.KeyStore@\(keystoreHash) KeyAlias:\(names.keyAlias) \
            TrustStore:java.security.KeyStore@\(truststoreHash)
            \(start(second, failure)) ERROR ADAPTORS.HTTP.FLOW - RequestWriteListener.onException() : \
            RequestWriteListener.onException(HTTPRequest@\(requestHash))

            """
        text += "\(failure.exceptionClass): \(failure.message)\n"
        text += frames(failure).map { "\($0)\n" }.joined()
        return text
    }

    private func start(_ time: Date, _ failure: Failure) -> String {
        "\(clock.prefix(time, variants.recordPrefix)) org:\(names.org) env:\(names.env) api:\(names.api) "
            + "rev:\(names.revision) messageid:\(failure.messageID) NIOThread@\(failure.thread)"
    }

    private func channel(_ failure: Failure) -> String {
        switch variants.channelDump {
        case .backendFirst: "C:\(failure.backend) Remote host:\(failure.local)"
        case .localFirst: "C:\(failure.local) Remote host:\(failure.backend)"
        case .connected: "Connected: Remote:\(failure.backend) Local:\(failure.local)"
        }
    }

    private func frames(_ failure: Failure) -> [String] {
        let genuine = failure.frames.filter { !$0.hasPrefix("Caused by: ") }.map { "\tat \($0) ~[na:na]" }
        let tls = variants.stackStyle == .java8 || genuine.isEmpty ? Self.java8 : genuine
        return tls + Self.apigee + failure.frames.filter { $0.hasPrefix("Caused by: ") }
    }

    /// How Java 8's TLS engine takes an alert.
    private static let java8 = [
        "\tat sun.security.ssl.Alerts.getSSLException(Alerts.java:208) ~[na:1.8.0_101]",
        "\tat sun.security.ssl.SSLEngineImpl.fatal(SSLEngineImpl.java:1666) ~[na:1.8.0_101]",
        "\tat sun.security.ssl.SSLEngineImpl.fatal(SSLEngineImpl.java:1634) ~[na:1.8.0_101]",
        "\tat sun.security.ssl.SSLEngineImpl.recvAlert(SSLEngineImpl.java:1800) ~[na:1.8.0_101]",
    ]

    /// How the Message Processor's own engine came there.
    static let apigee = [
        "\tat com.apigee.nio.NIOSelector$SelectedIterator.findNext(NIOSelector.java:496) [nio-1.0.0.jar:na]",
        "\tat com.apigee.nio.util.NonNullIterator.computeNext(NonNullIterator.java:21) [nio-1.0.0.jar:na]",
        "\tat com.apigee.nio.util.AbstractIterator.hasNext(AbstractIterator.java:47) [nio-1.0.0.jar:na]",
        "\tat com.apigee.nio.handlers.NIOThread.run(NIOThread.java:123) [nio-1.0.0.jar:na]",
    ]
}
