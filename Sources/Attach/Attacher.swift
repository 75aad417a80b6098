internal import Documents
public import EdgeAPI
internal import Platform
internal import Synchronization
internal import SystemPackage

/// What `attach` is told.
public struct AttachOptions: Sendable {
    /// Path of the bundle.
    public var bundle: String
    public var target: AttachTarget
    /// The Support API's address.
    public var endpoint = "https://cloudsupport.googleapis.com"
    public var token: TokenSource?
    public var http = HTTPOptions()
    /// Bytes a second.
    public var rate: Int?
    /// Bytes of a part, for targets with a limit.
    public var partSize: Int?
    /// Text of a comment that is added to the case.
    public var comment: String?
    /// Sends it although the target has it already.
    public var sendsAgain = false
    /// Before the second try; it doubles.
    public var retryDelay = Duration.seconds(1)

    public init(bundle: String, target: AttachTarget) {
        self.bundle = bundle
        self.target = target
    }
}

/// Sends a bundle to a support case or another desk, and goes on where an earlier try has ended.
public final class Attacher: Sendable {
    private let options: AttachOptions
    private let file: SourceFile
    private let state: Mutex<UploadState>

    public var bytes: Int { file.bytes }
    public var sha256: String { file.sha256 }
    /// Names under which it will be attached, one for each part.
    public var filenames: [String] { state.withLock { $0.parts.map(\.filename) } }
    /// When it was sent to this target before, by the receipt beside it.
    public let sentBefore: String?
    /// Whether an earlier try has begun with it.
    public let continuesEarlier: Bool

    private static let mostParts = 999

    /// Reads the bundle once for its check sums, and looks for what an earlier try has left.
    /// - Throws: ``AttachError`` `.usage`.
    public init(_ options: AttachOptions) throws(AttachError) {
        self.options = options
        file = try SourceFile(options.bundle)
        let parts = try Self.parts(options, file)
        let target = UploadState.key(options.target)
        if let earlier = UploadState.read(options.bundle), earlier.sha256 == file.sha256, earlier.target == target,
            earlier.parts.map(\.count) == parts.map(\.count), earlier.parts.map(\.filename) == parts.map(\.filename)
        {
            state = Mutex(earlier)
            continuesEarlier = true
        } else {
            state = Mutex(UploadState(sha256: file.sha256, bytes: file.bytes, target: target, parts: parts))
            continuesEarlier = false
        }
        sentBefore = Receipt.earlier(options.bundle, sha256: file.sha256, target: options.target.shown)
    }

    private static func parts(_ options: AttachOptions, _ file: SourceFile) throws(AttachError) -> [UploadState.Part] {
        let name = PathText.lastName(options.bundle)
        guard let size = options.partSize, size < file.bytes else {
            return [UploadState.Part(offset: 0, count: file.bytes, filename: name)]
        }
        guard options.target.takesParts else {
            throw AttachError(
                .usage, "--part-size", "one URL takes one file",
                hint: "split the bundle when it is written (--split), and send each part to a URL of its own")
        }
        let count = (file.bytes + size - 1) / max(1, size)
        guard size >= 65_536, count <= mostParts else {
            throw AttachError(.usage, "--part-size", "must be at least 64K, and \(mostParts) parts are the most")
        }
        return (0..<count).map { number in
            let digits = String(number + 1)
            let suffix = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
            return UploadState.Part(
                offset: number * size, count: min(size, file.bytes - number * size), filename: "\(name).\(suffix)")
        }
    }

    /// Sends what is not there yet.
    /// - Parameter progress: gets told how many bytes of the bundle are there or on their way.
    /// - Throws: ``AttachError``; what was sent by then is not lost.
    public func send(progress: @escaping @Sendable (Int) -> Void) async throws(AttachError) -> Receipt {
        if let sentBefore, !options.sendsAgain {
            throw AttachError(
                .refused, options.bundle, "it was sent to \(options.target.shown) before (\(sentBefore))",
                hint: "--again sends a second copy")
        }
        let line = Line(options, report: progress)
        var receipt = Receipt(
            time: "", target: options.target.shown, bundle: PathText.lastName(options.bundle), bytes: file.bytes,
            sha256: file.sha256, attachments: [], compared: "none", bytesSent: 0)
        switch options.target {
        case .supportCase(let name):
            receipt.attachments = try await send(CaseUpload(line: line, endpoint: options.endpoint, name: name))
            receipt.compared = "size"
        case .put(let url):
            let response = try await PutUpload(line: line, file: file, url: url, subject: options.target.shown).send()
            receipt.compared = try ServerSums.compare(response, file, options.target.shown)
            receipt.attachments = [.init(filename: filenames[0], bytes: file.bytes)]
        case .session, .startSession:
            let upload = SessionUpload(line: line, file: file, target: options.target) {
                [self] session throws(AttachError) in
                let kept = state.withLock { state in
                    state.session = session
                    return state
                }
                try kept.write(options.bundle)
            }
            let response = try await upload.send(known: state.withLock { $0.session })
            receipt.compared = try ServerSums.compare(response, file, options.target.shown)
            receipt.attachments = [.init(filename: filenames[0], bytes: file.bytes)]
        }
        receipt.bytesSent = line.bytesSent
        receipt.time = TimeText.iso8601(RunClock().milliseconds)
        // What was sent stays sent, also where there is no room for the receipt.
        receipt.problem = problem { () throws(AttachError) in try keep(receipt) }
        try? FileSystem.remove(UploadState.path(options.bundle))
        return try await comment(receipt, line)
    }

    /// Adds the comment; that it failed does not undo the rest, and must not hide it.
    private func comment(_ receipt: Receipt, _ line: Line) async throws(AttachError) -> Receipt {
        guard var text = options.comment, case .supportCase(let name) = options.target else { return receipt }
        text += "\n\n\(receipt.bundle): \(receipt.bytes) bytes, SHA-256 \(receipt.sha256)"
        if receipt.attachments.count > 1 {
            text += "\nin parts: cat \(receipt.bundle).[0-9][0-9][0-9] > \(receipt.bundle)"
        }
        var receipt = receipt
        do throws(AttachError) {
            receipt.comment =
                try await CaseUpload(line: line, endpoint: options.endpoint, name: name).comment(text) ?? "added"
        } catch {
            throw AttachError(
                .failed, "comment", "the bundle is attached, but the comment was not added: \(error.reason)",
                hint: "paste START-HERE.txt into the case; the receipt is \(Receipt.path(options.bundle))")
        }
        receipt.problem = problem { () throws(AttachError) in try keep(receipt) }
        return receipt
    }

    private func keep(_ receipt: Receipt) throws(AttachError) {
        try SmallFile.write(receipt.json.encoded(pretty: true) + [0x0A], to: Receipt.path(options.bundle))
    }

    private func problem(_ body: () throws(AttachError) -> Void) -> String? {
        do throws(AttachError) {
            try body()
            return nil
        } catch {
            return error.description
        }
    }

    private func send(_ upload: CaseUpload) async throws(AttachError) -> [Receipt.Attachment] {
        var done: [Receipt.Attachment] = []
        for index in state.withLock({ $0.parts.indices }) {
            let part = state.withLock { $0.parts[index] }
            var attachment: Receipt.Attachment?
            if part.isDone {
                attachment = Receipt.Attachment(filename: part.filename, bytes: part.count, name: part.attachment)
            } else if let found = try await upload.find(part.filename), !options.sendsAgain || continuesEarlier {
                // Either an earlier try whose answer was lost, or somebody's copy.
                guard continuesEarlier, found.bytes == part.count else {
                    throw AttachError(
                        .refused, part.filename,
                        "the case has it already (\(found.createTime ?? "no time told"), \(found.bytes) bytes)",
                        hint: "--again sends a second copy")
                }
                attachment = found
            }
            if attachment == nil {
                try state.withLock { $0 }.write(options.bundle)
                attachment = try await upload.send(file, part)
            }
            let kept = state.withLock { state in
                state.parts[index].isDone = true
                state.parts[index].attachment = attachment?.name
                return state
            }
            try kept.write(options.bundle)
            if let attachment { done.append(attachment) }
        }
        return done
    }
}

enum FileSystem {
    static func remove(_ path: String) throws {
        guard unlinkFile(path) == 0 else { throw AttachError(.failed, path, "can't be removed") }
    }
}
