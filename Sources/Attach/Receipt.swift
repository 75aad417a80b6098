public import Documents

/// What tells later that a bundle was sent, written beside it.
public struct Receipt: Sendable {
    public struct Attachment: Sendable, Equatable {
        public var filename: String
        public var bytes: Int
        /// What the target calls it.
        public var name: String?
        public var createTime: String?
    }

    /// ISO 8601 with zone.
    public var time: String
    public var target: String
    public var bundle: String
    public var bytes: Int
    public var sha256: String
    public var attachments: [Attachment]
    /// Whether the server gave a check sum, which then was compared: `md5`, `crc32c`, `size` or `none`.
    public var compared: String
    /// Bytes that went over the line, those that had to be sent again too.
    public var bytesSent: Int
    /// The name of the comment, if one was added.
    public var comment: String?
    /// Why it could not be written beside the bundle; the bundle is sent all the same.
    public var problem: String?

    /// Where it is kept.
    public static func path(_ bundle: String) -> String { bundle + ".receipt.json" }

    public var json: JSONValue {
        .object([
            "schema": 1, "time": .string(time), "target": .string(target), "bundle": .string(bundle),
            "bytes": .integer(bytes), "sha256": .string(sha256), "bytesSent": .integer(bytesSent),
            "compared": .string(compared),
            "attachments": .array(
                attachments.map { attachment in
                    .object([
                        "filename": .string(attachment.filename), "bytes": .integer(attachment.bytes),
                        "name": attachment.name.map { .string($0) } ?? .null,
                        "createTime": attachment.createTime.map { .string($0) } ?? .null,
                    ])
                }), "comment": comment.map { .string($0) } ?? .null,
        ])
    }

    /// The time and target of an earlier receipt for the same bytes and target.
    static func earlier(_ bundle: String, sha256: String, target: String) -> String? {
        guard let bytes = SmallFile.read(path(bundle), limit: 1 << 20), let value = try? JSONValue(parsing: bytes),
            value["sha256"]?.string == sha256, value["target"]?.string == target
        else { return nil }
        return value["time"]?.string ?? "before"
    }
}
