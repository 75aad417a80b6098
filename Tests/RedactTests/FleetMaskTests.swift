import Redact
import Testing

/// What one node learned is secret is masked in the texts of another, by markers alone.
@Suite("Masks by the markers of others") struct FleetMaskTests {
    private static let secret = "Zq8Rm2Kd7Lw4"

    /// Texts of the node that knows the secret, redacted, and what a search of them gathers.
    private func gathered(_ text: String, step: Int = .max) throws -> MarkerCollector {
        let redacted = Array(try makeRedactor().redact(text).utf8)
        var markers = MarkerCollector()
        var start = 0
        while start < redacted.count {
            let end = start + min(step, redacted.count - start)
            markers.append(Array(redacted[start..<end]))
            start = end
        }
        markers.finish()
        return markers
    }

    private func masked(
        _ text: String, _ markers: MarkerCollector, protected: [String] = [], key: [UInt8] = testKey, step: Int = .max
    ) throws -> (text: String, findings: [String: Int]) {
        let stream = CandidateStream(try CandidateMask(key: key, markers: markers, protected: protected))
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(step, bytes.count - start)
            stream.append(Array(bytes[start..<end]), to: &out)
            start = end
        }
        stream.finish(to: &out)
        return (string(out), stream.findings)
    }

    @Test("a secret of one node gets its marker wherever it stands as a word of another", arguments: [1, 7, Int.max])
    func words(step: Int) throws {
        let redactor = try makeRedactor()
        let marker = redactor.marker(rule: "password", value: Array(Self.secret.utf8))
        let markers = try gathered("db.password=\(Self.secret)\n", step: step)
        #expect(markers.rules.values.sorted() == ["password"])
        let cases = [
            "it is \(Self.secret), and again \(Self.secret).", "\"\(Self.secret)\" '\(Self.secret)' <\(Self.secret)>",
            "https://h/p?k=\(Self.secret)&n=1#\(Self.secret)", "{\(Self.secret):[\(Self.secret)]}", Self.secret,
            "user:\(Self.secret)@host;\(Self.secret)\tend\n", "x=\(Self.secret)!?",
        ]
        for text in cases {
            let (out, findings) = try masked(text, markers, step: step)
            #expect(out == text.replacing(Self.secret, with: marker))
            #expect(
                findings == ["password": text.split(separator: Self.secret, omittingEmptySubsequences: false).count - 1]
            )
        }
    }

    @Test("what is no secret stays, byte for byte", arguments: [5_000, Int.max])
    func others(step: Int) throws {
        let markers = try gathered("db.password=\(Self.secret)\n")
        let long = String(repeating: "a1", count: 40_000)
        for text in [
            "", "\n", "x\(Self.secret) \(Self.secret)x \(Self.secret.lowercased())", "a=b&c=d;e|f", long + " " + long,
            "2026-11-23 10:00:00,001 org:o env:e ERROR HTTP.CLIENT - one\r\n\r\n", "\u{0}\u{1}\u{7f}\\\\",
        ] {
            let (out, findings) = try masked(text, markers, step: step)
            #expect(out == text && findings.isEmpty)
        }
    }

    @Test("names that must stay, common words and short ones are not masked")
    func exceptions() throws {
        let markers = try gathered("password=\(Self.secret) password=production password=abc12")
        let text = "\(Self.secret) production abc12"
        #expect(try masked(text, markers, protected: ["MP.\(Self.secret.lowercased()).example"]).text == text)
        let (out, findings) = try masked(text, markers, protected: ["", "other"])
        #expect(!out.contains(Self.secret) && out.hasSuffix(" production abc12"))
        #expect(findings == ["password": 1])
    }

    @Test("texts of another key are left alone, and a key of another length is refused")
    func keys() throws {
        let markers = try gathered("password=\(Self.secret)")
        #expect(try masked(Self.secret, markers, key: [UInt8](repeating: 1, count: 32)).text == Self.secret)
        let error = #expect(throws: RedactionError.self) {
            _ = try CandidateMask(key: [1, 2, 3], markers: markers, protected: [])
        }
        #expect(error?.code == .badKey)
        #expect(try CandidateMask(key: testKey, markers: MarkerCollector(), protected: []).isEmpty)
    }

    @Test("markers of several texts come together; what only looks like one does not count")
    func collecting() throws {
        var all = try gathered("password=\(Self.secret)")
        all.merge(try gathered("password=\(Self.secret) api_key=Hw93Kdm2Qz7LpX51"))
        #expect(all.rules.count == 2)
        var none = MarkerCollector()
        // Two halves in two texts are no marker, nor is one with a digit too few.
        none.append(Array("REDACTED.password.0123456789".utf8))
        none.finish()
        none.append(
            Array(
                "ab READCTED.x.0123456789ab REDACTED.X.0123456789ab REDACTED.x.0123456789a REDACTED..0123456789ab".utf8)
        )
        none.finish()
        #expect(none.rules.isEmpty)
        none.append(Array("REDACTED.x.0123456789ab".utf8))
        #expect(none.rules == [0x0123_4567_89AB: "x"])
    }
}

/// The sealed list of what each pseudonym stands for.
@Suite("The pseudonym map") struct PseudonymMapTests {
    private static let text =
        "mp01.dc1.acme.com 10.77.3.19 2001:db8::17 00:1b:21:3c:9d:f8 range 10.20.0.0/16\n"

    private func run(_ text: String = text) throws -> (out: String, pseudonyms: Pseudonymizer) {
        let redactor = try makeStrictRedactor(recordsNames: true)
        let out = string(try redactor.text(Array(text.utf8), .text))
        return (out, try #require(redactor.pseudonyms))
    }

    @Test("every pseudonym of a text is told again, and the map itself shows none")
    func roundTrip() throws {
        let (out, pseudonyms) = try run()
        let sealed = try pseudonyms.sealedMap()
        #expect(!contains(sealed, Array("acme".utf8)) && !contains(sealed, Array("10.77".utf8)))
        let map = try pseudonyms.openMap(sealed)
        let words = out.split { $0 == " " || $0 == "\n" }.map(String.init)
        let originals = Self.text.split { $0 == " " || $0 == "\n" }.map(String.init)
        #expect(words.count == originals.count)
        for (word, original) in zip(words, originals) where original != "range" {
            #expect(word != original)
            #expect(pseudonyms.original(of: word, in: map) == original, "\(word)")
        }
        #expect(pseudonyms.original(of: "*." + words[0], in: map) == "*.mp01.dc1.acme.com")
        for unknown in ["unknown.example.org", "nobody@" + words[0], "ip-10.1.2.3/99", "mac-10.1.2.3", "com", ""] {
            #expect(pseudonyms.original(of: unknown, in: map) == nil, "\(unknown)")
        }
    }

    @Test("a later run adds to the map")
    func adding() throws {
        let first = try run("mp01.dc1.acme.com\n")
        let second = try run("rt02.dc1.acme.com\n")
        let map = try second.pseudonyms.openMap(try second.pseudonyms.sealedMap(adding: first.pseudonyms.sealedMap()))
        for (out, original) in [(first.out, "mp01.dc1.acme.com"), (second.out, "rt02.dc1.acme.com")] {
            #expect(second.pseudonyms.original(of: String(out.dropLast()), in: map) == original)
        }
    }

    @Test("another key, damage and foreign files are refused")
    func refused() throws {
        let (_, pseudonyms) = try run()
        let sealed = try pseudonyms.sealedMap()
        var changed = sealed
        changed[changed.count - 1] ^= 1
        let other = try Pseudonymizer(key: [UInt8](repeating: 1, count: 32))
        for (reader, bytes, reason) in [
            (pseudonyms, changed, "another key, or is damaged"), (other, sealed, "another key, or is damaged"),
            (pseudonyms, Array(sealed.prefix(40)), "another key, or is damaged"), (pseudonyms, [], "the file is none"),
            (pseudonyms, Array("name\tother\n".utf8), "the file is none"),
        ] {
            let error = #expect(throws: RedactionError.self) { _ = try reader.openMap(bytes) }
            #expect(error?.code == .badMap && error?.reason.contains(reason) == true)
        }
        #expect(throws: RedactionError.self) { _ = try pseudonyms.sealedMap(adding: changed) }
    }
}
