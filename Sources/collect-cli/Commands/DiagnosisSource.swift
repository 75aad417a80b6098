import Collect
import Diagnose
import Documents
import SupportBundle
import SystemPackage

/// Reads what a bundle holds for the diagnosis.
enum DiagnosisSource {
    /// Items of which more is not read; captures are read piece by piece.
    private static let limit = 256 << 20

    static func input(bundle: String) throws -> DiagnosisInput {
        let reader = try BundleReader(path: FilePath(bundle))
        let manifest = try reader.manifest()
        var input = empty(for: manifest)
        for item in manifest.items {
            if item.capture != nil {
                let tracker = ConversationTracker()
                try reader.copy(item.path) { tracker.append($0[...]) }
                tracker.finish()
                input.add(capture: tracker, path: item.path)
            } else if item.bytes <= limit {
                input.take(kind: item.kind, path: item.path, bytes: try reader.read(item.path, limit: limit))
            }
        }
        return input
    }

    private static func empty(for manifest: Manifest) -> DiagnosisInput {
        let request = manifest.request
        return DiagnosisInput(
            playbook: manifest.playbook.id, keyAlias: request.keyAlias,
            serverPort: request.port > 0 ? request.port : nil,
            backendIPs: [request.backendIp].compactMap(\.self))
    }

    /// What the report draws: as the bundle holds it, or, where it holds none, made from its items in one pass. Of logs
    /// only so much is read then that the report does not keep one waiting.
    static func pictures(_ reader: BundleReader, _ manifest: Manifest) throws -> JSONValue {
        if let bytes = try? reader.read(PictureBuilder.path, limit: 32 << 20),
            let value = try? JSONValue(parsing: bytes, name: PictureBuilder.path)
        {
            return value
        }
        var input = empty(for: manifest)
        var pictures = PictureBuilder(request: manifest.request)
        let items = Dictionary(manifest.items.map { ($0.path, $0) }) { first, _ in first }
        var logRoom = logBytes
        try reader.forEach { entry, content throws(BundleError) in
            guard let item = items[entry.path] else { return true }
            let tracker = item.capture == nil ? nil : ConversationTracker()
            let isLog = PictureBuilder.isLog(item)
            // Others' bundles may hold what they like: what is not read whole is no evidence here.
            guard tracker != nil || isLog || entry.bytes <= itemBytes else { return true }
            var bytes: [UInt8] = []
            if isLog { pictures.begin(log: item) }
            while let piece = try content.next() {
                if let tracker {
                    tracker.append(piece[...])
                    continue
                }
                if isLog {
                    guard logRoom > 0 else { break }
                    logRoom -= piece.count
                    pictures.take(log: piece[...])
                }
                if bytes.count + piece.count <= itemBytes { bytes += piece }
            }
            if let tracker {
                tracker.finish()
                input.add(capture: tracker, path: item.path)
                return true
            }
            if PictureBuilder.isTrace(item) { pictures.take(trace: bytes, path: item.path) }
            if entry.bytes <= itemBytes { input.take(kind: item.kind, path: item.path, bytes: bytes) }
            return true
        }
        pictures.finishLog()
        return try JSONValue(parsing: pictures.encoded(input), name: PictureBuilder.path)
    }

    /// Items of which more is not read for the report of a bundle without pictures.
    private static let itemBytes = 8 << 20
    private static let logBytes = 64 << 20
}
