import ArgumentParser

/// Options that every command has.
struct CommonArguments: ParsableArguments {
    @Flag(name: .long, help: "Print errors and results only.")
    var quiet = false

    @Flag(name: .long, help: "Say more about what is done.")
    var verbose = false

    @Flag(name: .customLong("no-color"), help: "No colours (also: NO_COLOR).")
    var noColor = false
}

/// A number with an optional unit: `512K`, `20M`, `2G`.
struct ByteSize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        var text = argument.uppercased()
        if text.hasSuffix("B") { text.removeLast() }
        if text.hasSuffix("I") { text.removeLast() }
        var factor = 1
        if let last = text.last, let unit = units[last] {
            factor = unit
            text.removeLast()
        }
        guard let number = Int(text), number > 0 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        bytes = product
    }
}

/// A length of time: `90`, `90s`, `10m`, `2h`. In seconds.
struct Seconds: ExpressibleByArgument {
    let value: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        var text = argument.lowercased()
        var factor = 1
        if let last = text.last, let unit = units[last] {
            factor = unit
            text.removeLast()
        }
        guard let number = Int(text), number >= 0, number <= 1_000_000 else { return nil }
        value = number * factor
    }
}
