import FlyingSocks
import Foundation

/// A body that arrives in small pieces, never ends, or breaks off.
struct FaultyBody: AsyncBufferedSequence {
    typealias Element = UInt8

    enum Kind: Sendable {
        /// One piece of so many bytes, then a pause.
        case drip(bytes: Int, pause: Duration)
        /// The first half, then an error, which closes the connection.
        case cutOff
        /// The content again and again.
        case endless
    }

    struct BrokenOff: Error {}

    let content: [UInt8]
    let kind: Kind

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let body: FaultyBody
        var position = 0

        mutating func next() async throws -> UInt8? {
            try await nextBuffer(suggested: 1)?.first
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            let content = body.content
            switch body.kind {
            case .drip(let bytes, let pause):
                guard position < content.count else { return nil }
                if position > 0 { try await Task.sleep(for: pause) }
                return take(Swift.min(bytes, Swift.max(1, count)), of: content, to: content.count)
            case .cutOff:
                guard position < content.count / 2 else { throw BrokenOff() }
                return take(Swift.max(1, count), of: content, to: content.count / 2)
            case .endless:
                guard !content.isEmpty else { return nil }
                if position >= content.count { position = 0 }
                return take(Swift.max(1, count), of: content, to: content.count)
            }
        }

        private mutating func take(_ count: Int, of content: [UInt8], to end: Int) -> [UInt8] {
            let piece = Array(content[position..<Swift.min(position + count, end)])
            position += piece.count
            return piece
        }
    }
}
