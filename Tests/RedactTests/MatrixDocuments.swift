import Foundation

/// Documents of twelve formats, each with planted secrets at the places where such documents have them.
enum MatrixFormat: String, CaseIterable, Sendable {
    case log, json, jsonLines, xml, properties, yaml, http, har, environment, shell, ldif, form

    var ending: String {
        switch self {
        case .log, .http, .environment, .form: "txt"
        case .jsonLines: "log"
        case .shell: "sh"
        default: rawValue
        }
    }

    /// A document with the given secrets.
    func document(_ secrets: [String]) -> String {
        let parts = secrets.enumerated().map { part($0.offset, $0.element) }
        return switch self {
        case .json: "{\"items\":[\n" + parts.joined(separator: ",\n") + "\n]}\n"
        case .xml: "<items><!-- Grüße -->\n" + parts.joined(separator: "\n") + "\n</items>\n"
        case .har:
            "{\"log\":{\"version\":\"1.2\",\"entries\":[\n" + parts.joined(separator: ",\n") + "\n]}}\n"
        case .log: "2026-11-23 10:00:00,122 INFO Grüße aus Köln\n" + parts.joined(separator: "\n") + "\n"
        case .shell, .environment, .properties: "# Grüße\n" + parts.joined(separator: "\n") + "\n"
        case .yaml: "items: # Grüße\n" + parts.joined(separator: "\n") + "\n"
        case .ldif: "version: 1\n\n" + parts.joined(separator: "\n") + "\n"
        case .form: parts.joined(separator: "&") + "\n"
        default: parts.joined(separator: "\n") + "\n"
        }
    }

    private func part(_ index: Int, _ secret: String) -> String {
        let forms: [String]
        switch self {
        case .log:
            forms = [
                "2026-11-23 10:00:00,123 INFO %I login password=%S message.id=rrt-%I",
                "2026-11-23 10:00:00,123 DEBUG Authorization: Bearer %S, next",
                "2026-11-23 10:00:00,123 WARN jdbc:postgresql://db.example:5432/edge?user=joe&password=%S failed",
                "2026-11-23 10:00:00,123 INFO GET https://api.example/v1/a?apikey=%S&n=%I HTTP/1.1",
                "2026-11-23 10:00:00,123 INFO connecting to amqp://joe:%S@mq.example:5672/",
                "2026-11-23 10:00:00,123 INFO body {\"client_secret\":\"%S\",\"n\":%I}",
            ]
        case .json:
            forms = [
                "{\"password\":\"%S\",\"id\":%I}", "{\"id\":%I,\"consumerSecret\" : \"%S\"}",
                "{\"name\":\"db.password\",\"value\":\"%S\"}", "{\"headers\":{\"Authorization\":\"Bearer %S\"}}",
                "{\"message\":\"{\\\"secret\\\":\\\"%S\\\",\\\"n\\\":%I}\"}", "{\"url\":\"https://joe:%S@a.example/\"}",
            ]
        case .jsonLines:
            forms = [
                "{\"time\":\"2026-11-23T10:00:00Z\",\"access_token\":\"%S\",\"n\":%I}",
                "{\"msg\":\"login failed for joe, password=%S\",\"n\":%I}", "{\"Set-Cookie\":\"SESSION=%S; Path=/\"}",
            ]
        case .xml:
            forms = [
                "<Password>%S</Password>", "<Server name=\"s%I\" password=\"%S\"/>",
                "<Property name=\"db.password\">%S</Property>", "<Secret><![CDATA[%S]]></Secret>",
                "<Header name=\"Authorization\">Bearer %S</Header>",
                "<Get value=\"%S\" name=\"private.apigee.client_secret\"/>",
            ]
        case .properties:
            forms = [
                "db%I.password=%S", "conf_security_secret.key.%I = %S", "keystore.password.%I: %S",
                "url.%I=jdbc:mysql://joe:%S@db.example/x",
            ]
        case .yaml:
            forms = [
                "  - password: %S\n    n: %I", "  - {secret: \"%S\", n: %I}", "  - client_secret: '%S'",
                "  - headers:\n      Authorization: Bearer %S",
            ]
        case .http:
            forms = [
                "GET /a?api_key=%S HTTP/1.1\nHost: a.example\n", "POST /b HTTP/1.1\nAuthorization: Bearer %S\n",
                "HTTP/1.1 200 OK\nSet-Cookie: JSESSIONID=%S; HttpOnly\n",
                "GET /c HTTP/1.1\nX-Api-Key: %S\nAccept: */*\n",
            ]
        case .har:
            forms = [
                "{\"request\":{\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer %S\"}]}}",
                "{\"request\":{\"url\":\"https://a.example/?access_token=%S\"}}",
                "{\"request\":{\"postData\":{\"text\":\"password=%S&n=%I\"}}}",
                "{\"request\":{\"cookies\":[{\"name\":\"SESSIONID\",\"value\":\"%S\"}]}}",
            ]
        case .environment:
            forms = [
                "DB_PASSWORD=%S", "export API_SECRET_%I='%S'", "AWS_SECRET_ACCESS_KEY=\"%S\"",
                "DATABASE_URL=postgres://joe:%S@db/x",
            ]
        case .shell:
            forms = [
                "curl -u 'joe:%S' https://a.example/", "curl -H \"Authorization: Bearer %S\" https://a.example/%I",
                "mysql --password=%S -h db", "curl --data 'client_secret=%S&n=%I' https://a.example/",
            ]
        case .ldif: forms = ["dn: uid=u%I,ou=users,dc=example\nuid: u%I\nuserPassword: %S\n"]
        case .form: forms = ["password=%S&n=%I", "client_secret=%S", "user=u%I&token=%S"]
        }
        return forms[index % forms.count].replacingOccurrences(of: "%S", with: secret)
            .replacingOccurrences(of: "%I", with: "\(index)")
    }
}

/// How the characters of a text become bytes.
enum MatrixCharset: String, CaseIterable, Sendable {
    case utf8, utf8Mark, utf16LEMark, utf16BEMark, utf16LE, utf32LE, latin1, windowsLines

    func bytes(_ text: String) -> [UInt8] {
        func wide(_ encoding: String.Encoding, _ mark: [UInt8] = []) -> [UInt8] {
            mark + [UInt8](text.data(using: encoding) ?? Data())
        }
        return switch self {
        case .utf8: Array(text.utf8)
        case .utf8Mark: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        case .utf16LEMark: wide(.utf16LittleEndian, [0xFF, 0xFE])
        case .utf16BEMark: wide(.utf16BigEndian, [0xFE, 0xFF])
        case .utf16LE: wide(.utf16LittleEndian)
        case .utf32LE: wide(.utf32LittleEndian, [0xFF, 0xFE, 0, 0])
        case .latin1: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        case .windowsLines: Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8)
        }
    }

    func text(_ bytes: [UInt8]) -> String {
        func wide(_ encoding: String.Encoding, mark: Int = 0) -> String {
            String(data: Data(bytes.dropFirst(mark)), encoding: encoding) ?? "not decodable"
        }
        return switch self {
        case .utf8: string(bytes)
        case .utf8Mark: string(Array(bytes.dropFirst(3)))
        case .utf16LEMark: wide(.utf16LittleEndian, mark: 2)
        case .utf16BEMark: wide(.utf16BigEndian, mark: 2)
        case .utf16LE: wide(.utf16LittleEndian)
        case .utf32LE: wide(.utf32LittleEndian, mark: 4)
        case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case .windowsLines: string(bytes).replacingOccurrences(of: "\r\n", with: "\n")
        }
    }
}
