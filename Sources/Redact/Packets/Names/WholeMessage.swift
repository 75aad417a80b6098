import Packets

/// A handshake message that is rewritten as a whole, though it may lie in several records.
enum WholeMessage {
    enum Outcome {
        /// It was rewritten, or is none of those that hold names.
        case done
        /// More bytes are needed first.
        case incomplete
        case broken
    }

    /// - Parameters:
    ///   - index: where the message begins.
    ///   - inRecord: bytes from there to the end of the record.
    static func rewrite(
        _ bytes: inout MutableSpan<UInt8>, at index: Int, inRecord: Int, _ names: PacketNames
    ) -> Outcome {
        guard HandshakeNames.concerns(bytes[index]) else { return .done }
        var pieces: [Range<Int>] = []
        var message: [UInt8] = []
        var wanted = 4
        var (position, left) = (index, inRecord)
        while message.count < wanted {
            if left == 0 {
                guard bytes.count - position >= 5 else { return .incomplete }
                guard bytes[position] == 22, bytes[position + 1] == 3,
                    let length = bytes.span.uint16(at: position + 3), length > 0,
                    Int(length) <= TLSRecordCheck.maximumRecordLength
                else { return .broken }
                (position, left) = (position + 5, Int(length))
            }
            let count = min(left, wanted - message.count, bytes.count - position)
            guard count > 0 else { return .incomplete }
            let piece = position..<position + count
            pieces.append(piece)
            for offset in piece { message.append(bytes[offset]) }
            (position, left) = (position + count, left - count)
            if wanted == 4, message.count == 4 {
                wanted += Int((message.uint32(at: 0) ?? 0) & 0xFF_FFFF)
                guard wanted <= TLSRecordCheck.maximumMessageLength else { return .broken }
            }
        }
        HandshakeNames(names: names).rewrite(&message)
        var offset = 0
        for piece in pieces {
            for position in piece {
                bytes[position] = message[offset]
                offset += 1
            }
        }
        return .done
    }
}
