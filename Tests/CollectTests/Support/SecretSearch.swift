import CBytes
import Foundation
import Lab

/// Looks for planted secrets, in all their forms.
struct SecretSearch: Sendable {
    private let needles: [(name: String, form: String, bytes: [UInt8])]

    init(_ secrets: PlantedSecrets) { self.init(secrets.all) }

    init(_ secrets: [PlantedSecret]) {
        needles = secrets.flatMap { secret in
            var seen: Set<[UInt8]> = []
            return secret.forms.sorted { $0.key < $1.key }.compactMap { form in
                // Forms that are alike are searched once.
                seen.insert(form.value).inserted ? (secret.name, form.key, form.value) : nil
            }
        }
    }

    /// What was found, as `secret (form)`; never the value.
    func findings(in bytes: [UInt8]) -> [String] {
        guard !bytes.isEmpty else { return [] }
        return needles.compactMap { needle in
            Self.contains(bytes, needle.bytes) ? "\(needle.name) (\(needle.form))" : nil
        }
    }

    /// What was found in the files below a folder, as `path: secret (form)`.
    func findings(below folder: URL) -> [String] {
        Tree.files(folder).flatMap { file in
            findings(in: Array(file.path.utf8) + [0] + file.bytes).map { "\(file.path): \($0)" }
        }
    }

    /// memmem(3): a loop in a debug build would take minutes over all secrets, forms and files.
    static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        guard !needle.isEmpty else { return false }
        return unsafe bytes.withUnsafeBytes { hay in
            unsafe needle.withUnsafeBytes { wanted in
                unsafe memmem(hay.baseAddress, hay.count, wanted.baseAddress, wanted.count) != nil
            }
        }
    }

    static func contains(_ bytes: [UInt8], _ text: String) -> Bool { contains(bytes, Array(text.utf8)) }
}
