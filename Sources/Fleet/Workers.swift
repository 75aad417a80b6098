internal import Platform
internal import Synchronization

/// Works on many things with a few threads of its own.
enum Workers {
    /// The results in the order of the inputs.
    static func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], threads: Int, _ body: @escaping @Sendable (Input) -> Output
    ) async -> [Output] {
        let next = Shared(0)
        let results = Shared([Output?](repeating: nil, count: inputs.count))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, min(threads, inputs.count)) {
                group.addTask {
                    await Blocking.run {
                        while true {
                            let index = next.value.withLock { number in
                                defer { number += 1 }
                                return number
                            }
                            guard index < inputs.count else { return }
                            let output = body(inputs[index])
                            results.value.withLock { $0[index] = output }
                        }
                    }
                }
            }
        }
        return results.value.withLock { $0.compactMap(\.self) }
    }

    private final class Shared<Value: Sendable>: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }
}
