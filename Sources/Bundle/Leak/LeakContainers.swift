internal import Archive

/// Looks into one container as it streams by.
protocol LeakContainer: AnyObject {
    func feed(_ bytes: [UInt8])
    /// False if not all of it could be looked into.
    func finish() -> Bool
}

/// Tells containers by their first bytes; independent of the redactor's way to do so.
enum LeakContainers {
    /// First bytes needed.
    static let reach = 1_024

    enum Kind {
        case compressed(Compression)
        case tar, zip

        func open(_ scanner: LeakScanner, _ limits: LeakScanner.Limits) -> (any LeakContainer)? {
            switch self {
            case .compressed(let compression): CompressedLeaks(compression, scanner)
            case .tar: TarLeaks(scanner)
            case .zip: ZipLeaks(scanner, limit: limits.nestedBytes)
            }
        }
    }

    static func kind(_ head: [UInt8]) -> Kind? {
        switch head.prefix(4) {
        case [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6]: .zip
        case [0x28, 0xb5, 0x2f, 0xfd]: .compressed(.zstd)
        case [0xfd, 0x37, 0x7a, 0x58]: .compressed(.xz)
        case let magic where GzipStream.recognizes(magic): .compressed(.gzip)
        case let magic
        where magic.starts(with: "BZh".utf8) && head.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26]):
            .compressed(.bzip2)
        default: TarStream.recognizes(head) ? .tar : nil
        }
    }
}

/// What is inside of one layer of compression.
private final class CompressedLeaks: LeakContainer {
    private let outer: LeakScanner
    private let inner: LeakScanner
    private let unpacker: StreamUnpacker?
    private var isBroken = false

    init(_ compression: Compression, _ scanner: LeakScanner) {
        outer = scanner
        inner = scanner.makeInner()
        unpacker = try? StreamUnpacker(compression)
        inner.begin(scanner.path)
    }

    func feed(_ bytes: [UInt8]) {
        guard let unpacker, !isBroken else { return }
        do throws(ArchiveError) {
            try unpacker.append(bytes[...]) { piece throws(ArchiveError) in
                guard outer.pay(piece.count) else {
                    throw ArchiveError(.suspiciousRatio, subject: "stream", reason: "it expands too much")
                }
                inner.feed(piece)
            }
        } catch {
            isBroken = true
        }
    }

    func finish() -> Bool {
        inner.end()
        outer.take(inner)
        guard let unpacker, !isBroken, !unpacker.hasTrailingBytes else { return false }
        return (try? unpacker.finish()) != nil
    }
}

/// The entries of a tar archive.
private final class TarLeaks: LeakContainer {
    private let outer: LeakScanner
    private let inner: LeakScanner
    private let tar = TarStream()
    private var isBroken = false

    init(_ scanner: LeakScanner) {
        outer = scanner
        inner = scanner.makeInner()
    }

    func feed(_ bytes: [UInt8]) {
        guard !isBroken else { return }
        do throws(ArchiveError) {
            try tar.append(bytes[...]) { event throws(ArchiveError) in
                switch event {
                case .entry(let entry): inner.begin(outer.name(entry.path))
                case .data(let bytes): inner.feed(Array(bytes))
                case .end: inner.end()
                case .skipped: isBroken = true
                }
            }
        } catch {
            isBroken = true
        }
    }

    func finish() -> Bool {
        outer.take(inner)
        return !isBroken && (try? tar.finish()) != nil
    }
}

/// The entries of a zip, which is held until its end.
private final class ZipLeaks: LeakContainer {
    private let outer: LeakScanner
    private let limit: Int
    private var held: [UInt8]? = []

    init(_ scanner: LeakScanner, limit: Int) {
        outer = scanner
        self.limit = limit
    }

    func feed(_ bytes: [UInt8]) {
        guard let count = held?.count else { return }
        if count + bytes.count > limit { held = nil } else { held? += bytes }
    }

    func finish() -> Bool {
        guard let held else { return false }
        let inner = outer.makeInner()
        defer { outer.take(inner) }
        do throws(ArchiveError) {
            let archive = try ArchiveReader(bytes: held, limits: ArchiveLimits(ratio: 1100))
            while let entry = try archive.next() {
                inner.begin(outer.name(entry.path))
                while true {
                    let piece = try archive.read()
                    if piece.isEmpty { break }
                    guard outer.pay(piece.count) else { return false }
                    inner.feed(piece)
                }
                inner.end()
            }
            return true
        } catch {
            return false
        }
    }
}
