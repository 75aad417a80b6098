import Collect
import SupportBundle

extension OutputArguments {
    /// How the bundle leaves. Keys are read before anything else is done: a run must not fail at its end.
    func delivery() throws(CollectError) -> BundleDelivery {
        try Self.delivery(encrypt: encrypt, sign: sign, split: split, keepPlain: keepPlain)
    }

    /// The same for commands with options of their own.
    static func delivery(
        encrypt: [String], sign: String?, split: ByteSize?, keepPlain: Bool
    ) throws(CollectError) -> BundleDelivery {
        var delivery = BundleDelivery()
        delivery.keepPlain = keepPlain
        delivery.splitBytes = split?.bytes
        if let size = split?.bytes, size < 65_536 { throw CollectError(.usage, "--split", "must be at least 64K") }
        if keepPlain, encrypt.isEmpty { throw CollectError(.usage, "--keep-plain", "is only for --encrypt") }
        for text in encrypt { delivery.recipients += try recipients(text) }
        if let sign {
            let bytes = try InputFiles.privateKey(sign)
            delivery.signingKey = try usage("--sign") { () throws(BundleError) in
                try SigningKey(file: bytes, name: sign)
            }
        }
        return delivery
    }

    /// A recipient, or those of a file.
    private static func recipients(_ text: String) throws(CollectError) -> [AgeRecipient] {
        if text.hasPrefix("age1") || text.hasPrefix("ssh-") {
            return try usage("--encrypt") { () throws(BundleError) in [try AgeRecipient(text)] }
        }
        let bytes = try InputFiles.read(text, limit: 1 << 20)
        return try usage("--encrypt") { () throws(BundleError) in try AgeRecipient.list(file: bytes, name: text) }
    }

    private static func usage<R>(_ option: String, _ body: () throws(BundleError) -> R) throws(CollectError) -> R {
        do throws(BundleError) {
            return try body()
        } catch {
            throw CollectError(.usage, option, error.description, hint: error.hint)
        }
    }
}
