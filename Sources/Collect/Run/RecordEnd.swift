internal import Logs

/// Where a text that must end early ends best: before the last record that begins in it, which may not be whole.
final class RecordEnd {
    /// Pieces that are looked at before any line will do.
    private var patience = 16

    /// How much of the last piece of a text is kept; 0 asks for the piece before it.
    func keep(_ piece: [UInt8]) -> Int {
        patience -= 1
        var end = piece.endIndex
        var lastLine = 0
        while let feed = piece[..<end].lastIndex(of: 0x0a) {
            let start = feed + 1
            if lastLine == 0 { lastLine = start }
            if start < piece.endIndex, RecordBorder.begins(piece[start...].prefix(4096)) { return start }
            end = feed
        }
        return patience > 0 ? 0 : lastLine
    }
}
