import Documents

/// JSON: what is read and written again is the same value.
enum JSONFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        [
            "{\"a\":[1,-2.5e3,true,null,\"b\\u00e9\\ud83d\\ude00\"]}", "[[[[{}]]]]", "\"\\ud800\"", "1e400",
            "{\"a\":1,\"a\":2}",
        ]
        .map { Array($0.utf8) }
    }

    static func run(_ input: FuzzInput) {
        guard let value = try? JSONValue(parsing: input.rest(), limits: .small) else { return }
        for pretty in [false, true] {
            let again = try? JSONValue(parsing: value.encoded(pretty: pretty))
            promise(again == value, "what was written is what was read")
        }
        promise(
            value.strings.allSatisfy { !TerminalText.harmless($0).contains("\u{1B}") }, "no escape reaches a terminal")
    }
}

/// YAML: what is read is as JSON the same value.
enum YAMLFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        [
            "a: b\nc:\n  - d\n  - {e: 1, f: [x, 'y', \"z\\n\"]}\n", "a: |\n  text\n  more\nb: >-\n  folded\n",
            "- &a b\n- *a\n", "? k\n: v\n", "%YAML 1.1\n---\n!!str a\n...\n", "a: ~\nb: 0x1F\nc: yes\n",
        ].map { Array($0.utf8) }
    }

    static func run(_ input: FuzzInput) {
        guard let node = try? YAMLNode(parsing: input.rest(), name: "fuzz", limits: .small) else { return }
        let value = node.jsonValue
        promise((try? JSONValue(parsing: value.encoded())) == value, "as JSON it is the same value")
        promise(node.nearest(pointer: "/a/0").line >= 1, "each place has a line")
    }
}

/// XML: blocks of any size give the same document.
enum XMLFuzz: FuzzTarget {
    private final class Collector: XMLHandler {
        var seen: [String] = []
        private var text = ""

        func start(_ name: String, attributes: [XMLAttribute], line: Int) {
            flush()
            seen.append("<\(name) \(attributes.map { "\($0.name)=\($0.value)" }) \(line)")
        }
        // One run of text may come in several pieces.
        func text(_ text: String, line: Int) { self.text += text }
        func end(_ name: String, line: Int) {
            flush()
            seen.append(">\(name) \(line)")
        }
        private func flush() {
            if !text.isEmpty { seen.append(text) }
            text = ""
        }
    }

    static var seeds: [[UInt8]] {
        [
            "<?xml version='1.0' encoding='ISO-8859-1'?><a b='c'><d/>x&amp;&#65;<![CDATA[<e>]]><!-- f --></a>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a xmlns:n='urn:x'><n:b/></a>", "<a><b></a></b>",
        ].flatMap { text in [0, 3].map { [UInt8($0)] + Array(text.utf8) } }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let size = Int(input.byte()) + 1
        let bytes = input.rest()
        let whole = read(bytes, block: max(1, bytes.count))
        let cut = read(bytes, block: size)
        promise(whole.isRight == cut.isRight, "blocks don't decide whether it is read")
        if whole.isRight { promise(whole.seen == cut.seen, "blocks make no difference") }
        promise(
            whole.isRight == ((try? XMLElement.parse(bytes, limits: .small)) != nil) || !whole.isRight,
            "the tree reads it too")
    }

    private static func read(_ bytes: [UInt8], block: Int) -> (seen: [String], isRight: Bool) {
        let collector = Collector()
        do {
            let reader = try XMLReader(name: "fuzz", limits: .small, handler: collector)
            for start in stride(from: 0, to: bytes.count, by: block) {
                try reader.feed(Array(bytes[start..<min(start + block, bytes.count)]))
            }
            try reader.finish()
            return (collector.seen, true)
        } catch {
            return (collector.seen, false)
        }
    }
}

/// Patterns of rule and playbook files: any pattern ends in time on any text.
enum PatternFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        [("^a+[b-d]*(e|f)?$", "aabce"), ("(a|a)*b", "aaaaaaaaaaaaaaaaaaaaaa"), ("\\d{1,40}", "123")].map {
            pattern, text in
            [UInt8(pattern.utf8.count)] + Array(pattern.utf8) + Array(text.utf8)
        }
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let count = Int(input.byte())
        let bytes = input.rest()
        guard let pattern = try? Pattern(String(decoding: bytes.prefix(count), as: UTF8.self)) else { return }
        let text = String(decoding: bytes.dropFirst(count), as: UTF8.self)
        promise(pattern.occurs(in: text) == pattern.occurs(in: text), "the same question has the same answer")
    }
}

extension DocumentLimits {
    /// An input of a few kilobytes must not grow above it.
    fileprivate static let small = DocumentLimits(maxBytes: 1 << 16, maxDepth: 64, maxNodes: 20_000)
}
