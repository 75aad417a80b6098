import Archive

/// Archives: tar in any pieces gives the same entries, and any bytes end within the limits.
enum ArchiveFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let text = Array("some text\n".utf8)
        return ["tar", "zip", "gzip"].flatMap { kind in [0, 9].map { [UInt8($0)] + ContainerFuzz.pack(kind, text) } }
            + [[3] + ContainerFuzz.pack("gzip", ContainerFuzz.pack("tar", text))]
    }

    static func run(_ input: FuzzInput) {
        var input = input
        let chunk = Int(input.byte()) * 5 + 1
        let bytes = input.rest()
        let whole = events(bytes, chunk: max(1, bytes.count))
        promise(events(bytes, chunk: chunk) == whole, "chunks of \(chunk) make no difference")
        guard let reader = try? ArchiveReader(bytes: bytes) else { return }
        var total = 0
        while let entry = try? reader.next() {
            guard let content = try? reader.readAll(limit: 1 << 20) else { break }
            total += content.count
            promise(entry.size == nil || content.count <= 1 << 20, "an entry is bounded")
            promise(total < 1 << 26, "an archive of a few kilobytes is bounded")
        }
    }

    private static func events(_ bytes: [UInt8], chunk: Int) -> [String] {
        let stream = TarStream()
        var seen: [String] = []
        var content: [UInt8] = []
        func note(_ text: String) {
            if !content.isEmpty { seen.append("\(content)") }
            content = []
            seen.append(text)
        }
        do {
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                try stream.append(bytes[start..<min(start + chunk, bytes.count)]) { event throws(ArchiveError) in
                    switch event {
                    case .entry(let entry): note("entry \(entry)")
                    case .data(let piece): content += piece
                    case .end: note("end")
                    case .skipped(let name, let why): note("skipped \(name) \(why)")
                    }
                }
            }
            try stream.finish()
        } catch {
            note("\(error.code)")
        }
        return seen
    }
}
