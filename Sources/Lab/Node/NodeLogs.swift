import Foundation

/// The logs that a node has gathered before the lab's own traffic: ordinary records, secrets among them, and earlier
/// failures of the same kind.
struct NodeLogs: Sendable {
    let paths: NodePaths
    let secrets: PlantedSecrets
    let clock: LogClock
    let records: FailureRecords
    let backendPort: Int
    /// The message ids of the earlier failures: in the current file, in `system.log.1`, in the compressed files.
    let earlier: [String]
    /// What is played instead of failing handshakes.
    let symptom: Symptom?
    /// What the handshakes of the earlier failures ended with.
    let failureText: String

    /// `system.log`: the last two hours.
    func current(until now: Date) -> String {
        let start = now.addingTimeInterval(-7200)
        var text = ordinary(from: start, count: 180, step: 38)
        text += secretRecords(at: now.addingTimeInterval(-240))
        text += failure(at: now.addingTimeInterval(-180), messageID: earlier[0])
        text += ordinary(from: now.addingTimeInterval(-170), count: 8, step: 20)
        return text
    }

    /// Rotated files; public material doesn't give their names, so there are several.
    func plainRotated(before now: Date) -> [(path: String, text: String)] {
        let start = now.addingTimeInterval(-14_400)
        var text = ordinary(from: start, count: 40, step: 90)
        text +=
            "\(clock.prefix(start.addingTimeInterval(4000), .comma)) org:\(paths.names.org) env:\(paths.names.env)  NIOThread@2 DEBUG HTTP.CLIENT - HTTPClient.send() : headers={Authorization=Bearer \(secrets[.oldLogToken]), Accept=*/*}\n"
        text += failure(at: start.addingTimeInterval(4100), messageID: earlier[1])
        text += ordinary(from: start.addingTimeInterval(4200), count: 20, step: 60)
        return [("\(NodePaths.messageProcessorLogs)/system.log.1", text)]
    }

    func compressedRotated(before now: Date) -> [(path: String, text: String)] {
        let logs = NodePaths.messageProcessorLogs
        let day = now.addingTimeInterval(-86_400)
        let name = clock.text(day, "yyyy-MM-dd")
        let older = now.addingTimeInterval(-2 * 86_400)
        return [
            (
                "\(logs)/system-\(name)-1.log.gz",
                ordinary(from: day, count: 60, step: 45)
                    + failure(at: day.addingTimeInterval(2800), messageID: earlier[2])
            ), ("\(logs)/system-\(name)-2.log.gz", ordinary(from: day.addingTimeInterval(3000), count: 60, step: 45)),
            ("\(logs)/system.log.\(clock.text(older, "yyyy-MM-dd")).gz", ordinary(from: older, count: 60, step: 45)),
        ]
    }

    /// The other files of the log folders.
    func others(until now: Date) -> [(path: String, text: String)] {
        let logs = NodePaths.messageProcessorLogs
        let time = clock.prefix(now.addingTimeInterval(-9000), .comma)
        let manager = "opt/apigee/var/log/edge-management-server/logs/system.log"
        return [
            ("\(logs)/startupruntimeerrors.log", ""),
            (
                "\(logs)/configurations.log",
                "\(time)  Apigee-Main-2 INFO MESSAGING.CONFIGURATION - Configuration loaded\n"
            ),
            (
                "\(logs)/transactions.log",
                "\(time)  Apigee-Main-4 INFO KERNEL.DEPLOYMENT - deployed \(paths.names.api)\n"
            ),
            ("\(logs)/events.log", "\(time)  main INFO KERNEL - started\n"),
            (
                "opt/apigee/var/log/edge-message-processor/edge-message-processor.log",
                "java -Xms256m -Xmx1024m -Djavax.net.ssl.keyStorePassword=\(secrets[.consolePassword]) com.apigee.kernel.MicroKernel\n"
            ),
            (
                manager,
                "\(time) org:\(paths.names.org) env:\(paths.names.env)  qtp2007599722-712162 INFO DISTRIBUTION - RemoteServicesUpdateHandler.run() : done\n"
            ), (paths.accessLogPath, ""),
            (paths.accessLogPath.replacingOccurrences(of: "access_log", with: "error_log"), ""),
            ("opt/apigee/var/log/edge-router/logs/system.log", "\(time)  Apigee-Main-1 INFO ROUTER - started\n"),
        ]
    }

    /// An earlier failure, as Java 8 printed it.
    private func failure(at time: Date, messageID: String) -> String {
        if let symptom {
            var names = Symptom.Names(paths.names, backendPort: backendPort)
            names.messageID = messageID
            return symptom.log(names, time: clock.prefix(time, .comma))
        }
        return handshakeFailure(at: time, messageID: messageID)
    }

    private func handshakeFailure(at time: Date, messageID: String) -> String {
        records.text(
            FailureRecords.Failure(
                time: time, messageID: messageID, backend: "127.0.0.1:\(backendPort)",
                local: "127.0.0.1:\(Int.random(in: 32_768...60_999))", milliseconds: Int.random(in: 200...700),
                exceptionClass: "javax.net.ssl.SSLException", message: failureText, frames: [],
                thread: 0))
    }

    /// Records of every shape that public samples show, `step` seconds apart.
    private func ordinary(from start: Date, count: Int, step: Double) -> String {
        let org = paths.names.org
        let env = paths.names.env
        let scope = "org:\(org) env:\(env) api:\(paths.names.api) rev:\(paths.names.revision)"
        return (0..<count).map { index in
            let date = start.addingTimeInterval(Double(index) * step)
            let time = clock.prefix(date, .comma)
            let id =
                "\(paths.names.routerHost)-\(Int.random(in: 1000...9999))-\(Int.random(in: 10_000...99_999))-\(index)"
            switch index % 8 {
            case 0:
                return
                    "\(time) \(scope) messageid:\(id) NIOThread@1 INFO HTTP.CLIENT - HTTPClient.getChannel() : channel from pool\n"
            case 1: return "\(time) org:\(org) env:\(env)  qtp2007599722-\(index) INFO DISTRIBUTION - Event received\n"
            case 2:
                return
                    "\(time)  Apigee-Main-6 INFO MESSAGING.RUNTIME - AbstractConfigurator.handleUpdate() : nothing to do\n"
            case 3:
                return
                    "\(clock.prefix(date, .dotUTC)) org: env: main INFO ZOOKEEPER - ZooKeeperServiceImpl.exists() : Path /regions\n"
            case 4: return "\(scope) messageid:\(id) NIOThread@3 WARN HTTP.SERVER - no date in this record\n"
            case 5:
                return
                    "\(time)  pool-7-thread-2 INFO c.a.p.h.d.DNSCachedAddress - Resolved \(paths.names.company).example\n"
            case 6:
                return "\(time)  Apigee-Timer-7 WARN ADAPTORS.HTTP.FLOW - LBServer.incrementFailureCount() : "
                    + "Failure count 2 for server : other{Environment=\(org)__\(env),Application=other__1,Target=default}\n"
            default:
                return """
                    \(time)  Apigee-Main-9 ERROR KERNEL - ServiceImpl.run() : retrying
                    java.io.IOException: Connection reset by peer
                    \tat sun.nio.ch.FileDispatcherImpl.read0(Native Method) ~[na:1.8.0_101]
                    \tat sun.nio.ch.SocketDispatcher.read(SocketDispatcher.java:39) ~[na:1.8.0_101]
                    \t... 6 common frames omitted

                    """
            }
        }.joined()
    }

    /// Records that hold secrets, as debug logging and careless scripts leave them.
    private func secretRecords(at start: Date) -> String {
        let scope = "org:\(paths.names.org) env:\(paths.names.env) api:\(paths.names.api) rev:\(paths.names.revision)"
        let messages = [
            "HTTPClient.send() : GET /orders headers={Authorization=Bearer \(secrets[.clientToken]), Accept=*/*}",
            "BasicAuth : Authorization: Basic \("batch:\(secrets[.logBasic])".base64)",
            "connect user=batch password=\(secrets[.logPassword]) timeout=3000",
            "fetch https://batch:\(secrets[.logURLPassword])@files.\(paths.names.company).example/in",
            "GET \(paths.names.basePath)?apikey=\(secrets[.clientAPIKey])&limit=5",
            #"body {"client_id":"batch","client_secret":"\#(PlantedSecret.jsonEscaped(secrets[.logJSONSecret]))","scope":"read"}"#,
            "body <login><user>batch</user><password>\(PlantedSecret.xmlEscaped(secrets[.logXMLPassword]))</password></login>",
        ]
        return messages.enumerated().map { index, message in
            "\(clock.prefix(start.addingTimeInterval(Double(index)), .comma)) \(scope) "
                + "messageid:\(paths.names.routerHost)-4711-\(index)-1 NIOThread@1 DEBUG HTTP.CLIENT - \(message)\n"
        }.joined()
    }
}
