import Dispatch
import Foundation
import Glibc
import Synchronization

/// The wish to end: SIGINT, SIGTERM, SIGHUP, or the end of standard input when that is a pipe.
final class EndSignal: Sendable {
    private struct State {
        var ended = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    init() {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // Handled by the source; the default action would end the process before it has cleaned up.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            // The handler holds its own source, which so lives as long as the process.
            source.setEventHandler { [self] in
                withExtendedLifetime(source) { end() }
            }
            source.resume()
        }
        watchInput()
    }

    /// Returns when it is time to end, or when the task is cancelled.
    func wait() async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    let isOver = state.ended || Task.isCancelled
                    if !isOver { state.waiting[number] = continuation }
                    return isOver
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }

    private func end() {
        let waiting = state.withLock { state in
            state.ended = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// A terminal or `/dev/null` says nothing about who started the lab; a pipe closes when its owner ends.
    private func watchInput() {
        var status = stat()
        guard unsafe fstat(STDIN_FILENO, &status) == 0, [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) else {
            return
        }
        Thread { [weak self] in
            while let data = try? FileHandle.standardInput.read(upToCount: 4096), !data.isEmpty {}
            self?.end()
        }.start()
    }
}
