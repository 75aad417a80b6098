import SupportBundle

/// The leak scan: a known secret is found in any surroundings, also packed, and chunks don't matter.
enum LeakFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        ["password=x", "Authorization: Basic YTpi", "eyJhbGciOiJIUzI1NiJ9.e30.x", "cGFzc3dvcmQ9", "https://a:b@c/"]
            .flatMap { text in (0..<4).map { [UInt8($0), 20, 0, 3] + Array(text.utf8) } }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let kind = input.choice(["plain", "gzip", "zip", "tar"])
        let chunk = Int(input.byte()) + 1
        let secret = input.secret
        var bytes = input.rest(with: secret)
        if kind != "plain" { bytes = ContainerFuzz.pack(kind, bytes) }
        let whole = scan(bytes, secret, chunk: .max)
        promise(!whole.knownSecrets.isEmpty, "a known secret is found")
        let cut = scan(bytes, secret, chunk: chunk)
        promise(
            cut.knownSecrets == whole.knownSecrets && cut.suspicions == whole.suspicions, "chunks make no difference")
    }

    private static func scan(_ bytes: [UInt8], _ secret: String, chunk: Int) -> LeakScanner {
        let scanner = LeakScanner(literals: [Array(secret.utf8)])
        scanner.begin("f")
        var start = 0
        while start < bytes.count {
            let end = start + min(chunk, bytes.count - start)
            scanner.feed(Array(bytes[start..<end]))
            start = end
        }
        scanner.end()
        return scanner
    }
}
