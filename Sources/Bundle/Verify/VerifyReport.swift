/// What a verification found; the value behind both the text and the JSON of `verify`.
public struct VerifyReport: Codable, Equatable, Sendable {
    /// One thing that is wrong with a bundle.
    public struct Problem: Codable, Equatable, Hashable, Sendable, CustomStringConvertible {
        /// What kind of thing is wrong.
        public enum Kind: String, Codable, Sendable, CaseIterable {
            /// The gzip or tar stream itself.
            case archive
            /// An entry that may not be in a bundle.
            case entry
            /// SHA256SUMS and the files disagree.
            case checksum
            /// The manifest is missing, can't be decoded, or breaks its schema.
            case schema
            /// The manifest and the files disagree.
            case manifest
            /// A secret that is known for certain.
            case secret
            /// The signature is not one of this bundle, or not by somebody who may sign it.
            case signature
        }
        /// What kind it is.
        public var kind: Kind
        /// Below the top folder; empty for the archive as a whole.
        public var path: String
        /// In words, harmless on a terminal.
        public var text: String

        public var description: String { path.isEmpty ? text : "\(path): \(text)" }
    }

    /// A signature that is right.
    public struct Signature: Codable, Equatable, Sendable {
        /// Fingerprint of the key.
        public var key: String
        /// Whose key it is by the allowed-signers file; nil where none was given: then it only tells that nobody
        /// without this key has changed the bundle.
        public var principals: String?
    }

    /// Version of the form of this report.
    public var schema = 1
    /// The file that was verified, as the caller named it.
    public var bundle: String
    /// The top folder, if there is one.
    public var name: String?
    /// Of the archive as it lies there.
    public var bytes: Int
    /// Of the archive as it lies there, lower-case hex.
    public var sha256: String
    /// Files inside.
    public var files: Int
    /// All that is wrong; empty for a sound bundle.
    public var problems: [Problem]
    /// What looks like a secret, though none that is known.
    public var suspicions: [LeakSuspicion]
    /// Findings beyond the number that is kept.
    public var omitted: Int
    /// nil: it is not signed, or the signature is among the problems.
    public var signature: Signature?
    /// Whether it was opened with an identity.
    public var encrypted: Bool?

    /// The exit code of the contract: 0 sound, 4 a problem, 6 suspicions only.
    public var exitCode: Int { problems.isEmpty ? (suspicions.isEmpty ? 0 : 6) : 4 }
    /// Nothing is wrong; there may be suspicions.
    public var isSound: Bool { problems.isEmpty }

    /// The same as the manifest keeps it.
    public var leakScan: Manifest.LeakScan {
        Manifest.LeakScan(state: suspicions.isEmpty ? .clean : .suspicions, suspicions: suspicions.map(\.named))
    }
}
