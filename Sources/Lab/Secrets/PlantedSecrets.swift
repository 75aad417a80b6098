public import Foundation

/// Every secret that a lab has planted, with new random values in each run.
public struct PlantedSecrets: Sendable, Codable, CustomStringConvertible {
    /// The secrets, sorted by name.
    public let all: [PlantedSecret]
    private let values: [String: String]

    /// - Parameters:
    ///   - privateKeys: the private keys made elsewhere, as PEM text.
    ///   - places: what the place holders of ``SecretKey/places`` stand for.
    init(privateKeys: [SecretKey: String], places: [String: String]) {
        var values: [String: String] = [:]
        var all: [PlantedSecret] = []
        for key in SecretKey.allCases {
            let pem = privateKeys[key]
            let value = pem.map(Self.searchLine) ?? key.newValue()
            values[key.rawValue] = pem ?? value
            let named = key.places.map { place in
                places.reduce(place) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
            }
            all.append(PlantedSecret(name: key.rawValue, value: value, places: named))
        }
        self.all = all.sorted { $0.name < $1.name }
        self.values = values
    }

    /// The value of a secret; of a private key the whole PEM text.
    subscript(_ key: SecretKey) -> String { values[key.rawValue] ?? "" }

    /// The secret of this name, or nil.
    public func secret(named name: String) -> PlantedSecret? { all.first { $0.name == name } }

    /// Never the values.
    public var description: String { "\(all.count) planted secrets" }

    /// Writes the secrets as JSON (`[{name, value, places}]`) to a new file of mode 0600.
    ///
    /// - Throws: ``LabError`` if the file exists or can't be written.
    public func write(to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try PrivateFile.write(encoder.encode(all), to: file)
    }

    /// The longest line of a PEM body but for the last: enough to recognise the key.
    private static func searchLine(in pem: String) -> String {
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
        return lines.dropFirst(lines.count / 2).first.map(String.init) ?? pem
    }
}

extension String {
    /// The UTF-8 bytes in base64.
    var base64: String { Data(utf8).base64EncodedString() }
}
