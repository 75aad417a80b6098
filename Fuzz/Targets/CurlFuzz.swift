import EdgeAPI

/// The curl command of a customer: read or refused, never shown with a value, and a request of it can be made.
enum CurlFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        [
            "curl -u 'a:b' -H 'Authorization: Bearer c' https://h/p?q=r --data-raw $'x\\n'",
            "curl -X POST \\\n  --form 'a=b;type=text/plain' \"https://$H/\" --compressed -k -L --max-time 3",
            "curl ^\"https://h/^\" ^\n  -H ^\"X: y^\" --data-binary ^\"{^\\^\"a^\\^\":1}^\"",
            "curl --json '{}' --resolve h:443:127.0.0.1 -x http://p:1 https://h",
            "curl 'https://u:p@h/' -b 'c=d' -G -d e=f",
        ].flatMap { text in [0, 1, 2].map { [UInt8($0), 20] + Array(text.utf8) } }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let place = input.byte()
        let secret = input.secret
        // As a password, a header, a body, or anywhere.
        let planted =
            switch place % 4 {
            case 0: " -u 'joe:\(secret)' "
            case 1: " -H 'X-Api-Key: \(secret)' "
            case 2: " --data 'password=\(secret)' "
            default: secret
            }
        let text = place % 4 == 3 ? input.rest(with: planted) : after(planted, input.rest())
        guard let command = try? CurlCommand.parse(text, readFile: { _ in Array("file".utf8) }) else { return }
        // A secret that became part of the host or the path's name is there to be seen; a value never is.
        if place % 4 != 3 {
            for shown in ["\(command)", String(reflecting: command), "\(command.request())"] {
                promise(!holds(Array(shown.utf8), secret), "no value is shown")
            }
        }
        promise(!command.method.contains("\n"), "the method is one word")
    }

    /// The first word stays where it is: without `curl` nothing is read.
    private static func after(_ planted: String, _ bytes: [UInt8]) -> [UInt8] {
        let head = Array("curl".utf8)
        return bytes.starts(with: head) ? head + Array(planted.utf8) + bytes.dropFirst(head.count) : bytes
    }
}
