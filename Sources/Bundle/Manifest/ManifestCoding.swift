internal import FoundationEssentials

extension Manifest {
    /// The path of the manifest in a bundle.
    public static let path = "manifest.json"

    /// As it stands in `manifest.json`: pretty, keys sorted, a line feed at the end; the same value gives the same bytes.
    public func encoded() throws(BundleError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self)) + [0x0a]
        } catch {
            throw BundleError(.misuse, Manifest.path, "it could not be encoded")
        }
    }

    /// Reads a manifest.
    /// - Throws: ``BundleError`` `.notABundle` with the place that doesn't fit; never the value.
    public init(decoding bytes: [UInt8]) throws(BundleError) {
        do {
            self = try JSONDecoder().decode(Manifest.self, from: Data(bytes))
        } catch DecodingError.keyNotFound(let key, let context) {
            throw Manifest.unfit(context.codingPath + [key], "is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw Manifest.unfit(context.codingPath, "has the wrong type")
        } catch DecodingError.dataCorrupted(let context) {
            throw Manifest.unfit(context.codingPath, "has a value that isn't allowed, or is no JSON")
        } catch {
            throw Manifest.unfit([], "is no JSON")
        }
    }

    private static func unfit(_ path: [any CodingKey], _ what: String) -> BundleError {
        let place = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
        return BundleError(.notABundle, Manifest.path, "/\(place) \(what)")
    }
}
