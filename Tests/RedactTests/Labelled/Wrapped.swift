/// Credentials inside of base64.
enum Wrapped {
    static func base64(_ text: String, url: Bool = false, padded: Bool = true) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + (url ? "-_" : "+/"))
        var result = ""
        var bits = 0
        var held = 0
        for byte in text.utf8 {
            bits = bits << 8 | Int(byte)
            held += 8
            while held >= 6 {
                held -= 6
                result.append(alphabet[bits >> held & 63])
            }
            bits &= (1 << held) - 1
        }
        if held > 0 { result.append(alphabet[bits << (6 - held) & 63]) }
        while padded, result.count % 4 != 0 { result.append("=") }
        return result
    }

    /// What is wrapped; %V is the secret.
    static let inner = [
        "{\"username\":\"joe\",\"password\":\"%V\"}", "{\"password\":\"%V\"}", "user=joe&password=%V", "joe:%V",
        "password=%V", "db.password=%V\ndb.user=joe\n", "<Password>%V</Password>",
        "{\"client_secret\":\"%V\",\"client_id\":\"a\"}",
        "Authorization: Bearer %V", "apikey=%V", "{\"apiKey\":\"%V\"}", "aws_secret_access_key=%V", "token: %V\n",
        "{\"access_token\":\"%V\",\"expires_in\":3600}", "https://joe:%V@a.example/x",
        "jdbc:postgresql://a.example/db?user=joe&password=%V", "export DB_PASSWORD=%V\n", "client_secret=%V",
    ]

    /// Where the wrapped text stands: %V.
    static let outer = [
        "data: %V", "payload=%V", "{\"data\":\"%V\"}", "<Content>%V</Content>", "X-Payload: %V",
        "2026-11-23 10:00:00 INFO body %V received", "config.b64=%V\n", "  password: %V\n", "userPassword:: %V\n",
        "echo %V | base64 -d", "\"blob\": \"%V\",", "GET /v1?state=%V HTTP/1.1", "[%V]",
        "<Get name=\"flow.x\" value=\"%V\"/>", "Authorization: Basic %V",
    ]

    static func cases(_ dice: inout LabelDice, each: Int) -> [LabelledCase] {
        var cases: [LabelledCase] = []
        for inner in inner {
            for outer in outer {
                for _ in 0..<each {
                    if outer.contains("Basic"), inner != "joe:%V" { continue }
                    // `user:password` alone is known by its place only.
                    if inner == "joe:%V", !outer.contains("Basic"), !outer.contains("assword") { continue }
                    let text = inner.replacing("%V", with: dice.expand("‹w14-22›"))
                    let url = outer.contains("GET")
                    let wrapped = base64(text, url: url, padded: !url)
                    let parts = outer.split(separator: "%V", omittingEmptySubsequences: false)
                    cases.append(
                        LabelledCase(
                            kind: "wrapped " + inner, context: outer, family: .token, before: String(parts[0]),
                            secret: wrapped,
                            after: String(parts[1])))
                }
            }
        }
        return cases
    }
}
