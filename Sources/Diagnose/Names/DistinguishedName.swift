/// A distinguished name (X.501), read from DER or from any of the texts in which tools write it.
public struct DistinguishedName: Sendable {
    public struct Attribute: Sendable {
        public let type: AttributeType
        public let value: String
        public init(type: AttributeType, value: String) {
            self.type = type
            self.value = value
        }
    }

    /// Relative names in the order of DER, the most general (country, organization) first. A text does not always tell
    /// its order; then this is the likely one.
    public let relativeNames: [[Attribute]]

    public init(relativeNames: [[Attribute]]) { self.relativeNames = relativeNames }

    /// A name of no parts, as in a certificate whose subject is in its alternative names.
    public var isEmpty: Bool { relativeNames.isEmpty }

    /// The first value of a type, such as the common name.
    public func value(of keyword: String) -> String? {
        guard let type = AttributeType(keyword) else { return nil }
        return relativeNames.joined().last { $0.type == type }?.value
    }

    /// Whether both name the same, after the preparation of RFC 5280 section 7.1: case and runs of blanks do not
    /// count, nor does the order inside of a relative name. The order of the relative names counts, but since texts are
    /// written in both directions, one name wholly reversed is the same.
    public func matches(_ other: DistinguishedName) -> Bool {
        let a = prepared
        let b = other.prepared
        return a == b || a == Array(b.reversed())
    }

    private var prepared: [[String]] {
        relativeNames.map { attributes in
            attributes.map { $0.type.identifier + "=" + DistinguishedName.prepare($0.value) }.sorted()
        }
    }

    static func prepare(_ value: String) -> String {
        value.lowercased().split { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }.joined(separator: " ")
    }
}

extension DistinguishedName: CustomStringConvertible {
    /// RFC 4514, the most specific part first.
    public var description: String {
        relativeNames.reversed().map { attributes in
            attributes.map { $0.type.keyword + "=" + DistinguishedName.escaped($0.value) }.joined(separator: "+")
        }.joined(separator: ",")
    }

    /// RFC 4514 section 2.4.
    private static func escaped(_ value: String) -> String {
        var text = ""
        let scalars = Array(value.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\"", "+", ",", ";", "<", ">", "\\":
                text += "\\" + String(scalar)
            case " " where index == 0 || index == scalars.count - 1, "#" where index == 0:
                text += "\\" + String(scalar)
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    text += "\\" + (digits.count < 2 ? "0" : "") + digits
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }
}
