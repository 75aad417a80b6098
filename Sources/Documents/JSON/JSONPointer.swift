/// JSON pointers (RFC 6901): the way to a value, such as `/items/0/path`. The empty pointer is the whole document.
public enum JSONPointer {
    /// The unescaped reference tokens.
    public static func tokens(of pointer: String) -> [String] {
        guard pointer.first == "/" else { return [] }
        return pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { unescape($0) }
    }

    /// The pointer to the member or element `token` of the value at `pointer`.
    public static func appending(_ token: String, to pointer: String) -> String {
        var escaped = ""
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\(pointer)/\(escaped)"
    }

    private static func unescape(_ token: Substring) -> String {
        var plain = ""
        var tilde = false
        for scalar in token.unicodeScalars {
            if tilde {
                plain += scalar == "1" ? "/" : scalar == "0" ? "~" : "~\(scalar)"
                tilde = false
            } else if scalar == "~" {
                tilde = true
            } else {
                plain.unicodeScalars.append(scalar)
            }
        }
        return tilde ? plain + "~" : plain
    }
}
