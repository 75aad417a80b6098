import Collect
import Glibc
import Platform

/// The exit codes of the contract.
struct ExitStatus: Error, Equatable {
    let code: Int32

    static let done = ExitStatus(code: 0)
    static let failed = ExitStatus(code: 1)
    static let usage = ExitStatus(code: 2)
    static let partial = ExitStatus(code: 3)
    static let bad = ExitStatus(code: 4)
    static let refused = ExitStatus(code: 5)
    static let suspicion = ExitStatus(code: 6)

    static func interrupted(_ kind: Interrupts.Kind) -> ExitStatus { ExitStatus(code: kind.exitCode) }

    func leave() -> Never {
        // Not exit(): destructors of C libraries may wait for threads that still hold a connection.
        fflush(nil)
        _exit(code)
    }
}

/// An error that knows how it is shown and with which code the program ends.
protocol Reportable: Error {
    var text: String { get }
    var hint: String? { get }
    var status: ExitStatus { get }
}

extension CollectError: Reportable {
    var text: String { description }

    var status: ExitStatus {
        switch code {
        case .usage: .usage
        case .refused: .refused
        case .failed, .unavailable, .limit, .interrupted: .failed
        }
    }
}
