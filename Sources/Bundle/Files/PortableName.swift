/// Makes names for files in a bundle out of names from elsewhere: hosts, proxies, certificates, log files.
///
/// The result is one path component that every system can hold: no separators or control characters, no leading `-`
/// or `.`, nothing that Windows refuses, at most 100 bytes, cut at a character. Letters of all scripts stay.
public struct PortableName: Sendable {
    /// Of a name, in bytes: what the oldest tar form holds.
    public static let maxBytes = 100
    private var taken: Set<String> = []

    public init() {}

    /// The name by itself, not made unique.
    public static func component(_ foreign: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in foreign.unicodeScalars.prefix(1000) {
            result.append(isPortable(scalar) ? scalar : "_")
        }
        var name = String(result)
        while let first = name.unicodeScalars.first, first == "-" || first == "." || first == " " {
            name.unicodeScalars.removeFirst()
        }
        while let last = name.unicodeScalars.last, last == "." || last == " " { name.unicodeScalars.removeLast() }
        name = cut(name, to: maxBytes)
        if name.isEmpty { name = "unnamed" }
        return windowsDevices.contains(name.prefix { $0 != "." }.lowercased()) ? "_" + name : name
    }

    /// A name that no call before has returned, upper and lower case taken as the same.
    public mutating func unique(_ foreign: String) -> String {
        let name = PortableName.component(foreign)
        if taken.insert(name.lowercased()).inserted { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let (stem, suffix) = dot == name.startIndex ? (name[...], ""[...]) : (name[..<dot], name[dot...])
        var number = 2
        while true {
            let tail = "-\(number)" + (suffix.utf8.count <= 16 ? suffix : "")
            let candidate = PortableName.cut(String(stem), to: PortableName.maxBytes - tail.utf8.count) + tail
            if taken.insert(candidate.lowercased()).inserted { return candidate }
            number += 1
        }
    }

    private static func isPortable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 {
            return scalar.value > 0x20 && scalar.value != 0x7f
                && !"/\\:*?\"<>|'`$&;!#%{}()[]~^".unicodeScalars.contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return scalar != "\u{FFFD}"
        }
    }

    private static func cut(_ name: String, to limit: Int) -> String {
        var result = name
        while result.utf8.count > limit { result.removeLast() }
        return result
    }

    private static let windowsDevices: Set<String> = [
        "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
        "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ]
}
