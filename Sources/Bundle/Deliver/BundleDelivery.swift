internal import Crypto
public import SystemPackage

/// How a finished archive leaves: as it is, encrypted, in parts, with a signature.
public struct BundleDelivery: Sendable {
    /// Encrypts to these, if there are any; then the plain archive is not kept.
    public var recipients: [AgeRecipient] = []
    /// Keeps the plain archive beside the encrypted one.
    public var keepPlain = false
    /// Signs what is delivered, into a file beside it; nil for no signature.
    public var signingKey: SigningKey?
    /// Bytes of a part.
    public var splitBytes: Int?

    public init() {}

    /// What stands on the disk now.
    public struct Delivered: Sendable, Equatable {
        /// What to give to `verify` and to support first: the archive, or the first part.
        public var path: FilePath
        /// Everything that was written.
        public var files: [FilePath]
        /// Of the archive, or of all parts.
        public var bytes: Int
        /// How to join the parts, as a line for a shell.
        public var joinCommand: String?
    }

    /// Whether the plain archive itself is published, in one piece.
    public var keepsArchive: Bool { recipients.isEmpty ? splitBytes == nil : keepPlain }

    /// A file that stands where one of this delivery will be written, if there is one: ``deliver(_:make:willPublish:)``
    /// would fail for it, after all the work.
    /// - Parameter path: of the plain archive.
    public func obstacle(_ path: FilePath) -> FilePath? {
        let whole = recipients.isEmpty ? path : suffixed(path, ".age")
        var names = keepPlain && !recipients.isEmpty ? [path] : []
        if splitBytes == nil {
            names.append(whole)
        } else {
            // Parts of an older bundle would be joined with those of this one.
            names += BundleParts.names(whole)
        }
        if signingKey != nil { names.append(suffixed(whole, ".sig")) }
        return names.first { OutputFile.isTaken($0) }
    }

    /// Writes what was asked for; in the end everything stands there, or nothing.
    ///
    /// - Parameters:
    ///   - archive: written whole and not published. It is published only where the plain archive is asked for.
    ///   - make: opens another file beside it.
    ///   - willPublish: gets told the files, all of them whole, before the first one gets its name.
    public func deliver(
        _ archive: OutputFile, make: (FilePath) throws(BundleError) -> OutputFile,
        willPublish: ([FileMark]) -> Void = { _ in }
    ) throws(BundleError) -> Delivered {
        var whole = archive
        // In the order in which they get their names: what tells that all is there comes last.
        var files: [OutputFile] = []
        if !recipients.isEmpty {
            whole = try encrypted(archive, to: make(suffixed(archive.path, ".age")))
            if keepPlain { files.append(archive) }
        }
        let list: (files: [OutputFile], join: String)? = try splitBytes.map { (size) throws(BundleError) in
            try BundleParts.split(whole, size: size, make: make)
        }
        files += list?.files ?? [whole]
        if let signingKey {
            let signature = try make(suffixed(whole.path, ".sig"))
            try signature.write(SSHSignature(sha512: BundleDelivery.sha512(whole.bytes()), by: signingKey.key).armored)
            files.append(signature)
        }
        willPublish(files.map(\.mark))
        try BundleDelivery.publish(files)
        return Delivered(
            path: list?.files.first?.path ?? whole.path, files: files.map(\.path), bytes: whole.written,
            joinCommand: list?.join)
    }

    private func encrypted(_ archive: OutputFile, to output: OutputFile) throws(BundleError) -> OutputFile {
        let writer = try AgeWriter(recipients: recipients) { bytes throws(BundleError) in try output.write(bytes) }
        let bytes = try archive.bytes()
        var position = 0
        while position < bytes.count {
            let block = try bytes.read(at: position, upTo: 1 << 20)
            guard !block.isEmpty else { throw BundleError(.inputOutput, archive.path.string, "it became shorter") }
            position += block.count
            try writer.write(block)
        }
        try writer.finish()
        return output
    }

    private static func publish(_ files: [OutputFile]) throws(BundleError) {
        for (number, file) in files.enumerated() {
            do throws(BundleError) {
                try file.publish()
            } catch {
                for done in files[..<number] { done.withdraw() }
                throw error
            }
        }
    }

    static func sha512(_ bytes: some BundleBytes) throws(BundleError) -> [UInt8] {
        var hash = SHA512()
        try forEachBlock(of: bytes) { hash.update(data: $0) }
        return Array(hash.finalize())
    }

    static func forEachBlock(of bytes: any BundleBytes, _ body: ([UInt8]) -> Void) throws(BundleError) {
        var position = 0
        while true {
            let block = try bytes.read(at: position, upTo: 1 << 20)
            if block.isEmpty { return }
            position += block.count
            body(block)
        }
    }
}

/// An Ed25519 key that signs bundles.
public struct SigningKey: Sendable {
    let key: SSHPrivateKey

    /// - Parameter bytes: of an unencrypted private key in OpenSSH's format.
    /// - Throws: ``BundleError`` `.badKey`.
    public init(file bytes: [UInt8], name: String) throws(BundleError) {
        key = try SSHPrivateKey(file: bytes, name: name)
    }

    /// As `ssh-keygen -l` shows the public key.
    public var fingerprint: String { key.publicKey.fingerprint }
}

/// The same path with something behind its name.
func suffixed(_ path: FilePath, _ suffix: String) -> FilePath { FilePath(path.string + suffix) }
