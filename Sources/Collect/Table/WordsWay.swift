internal import Platform
internal import Redact
internal import SupportBundle

/// Four-letter words to a port of this node, as ZooKeeper answers them.
struct WordsWay {
    let source: ItemSource
    let context: RunContext

    private static let limit = 8 << 20

    func collect(_ words: [String], port: Int) async {
        let real = context.options.componentPorts[port] ?? port
        let milliseconds = Int(context.patience(10) * 1000)
        for word in words where !context.isStopping {
            let answer = await Blocking.run { () -> Result<(bytes: [UInt8], isWhole: Bool), TCPProbe.Failure> in
                Result { () throws(TCPProbe.Failure) in
                    try TCPProbe(address: "127.0.0.1", port: real).ask(
                        Array((word + "\n").utf8), milliseconds: milliseconds, limit: Self.limit)
                }
            }
            switch answer {
            case .success(let answer):
                add(word, answer.bytes, isWhole: answer.isWhole, port: real)
                // One that says nothing says nothing to the next word either.
                if answer.bytes.isEmpty, !answer.isWhole { return }
            case .failure(let failure):
                report(failure, port: port, real: real)
                // What can't be reached once can't be reached for the next word.
                return
            }
        }
    }

    private func add(_ word: String, _ bytes: [UInt8], isWhole: Bool, port: Int) {
        let text = String(decoding: bytes.prefix(200), as: UTF8.self)
        // Since 3.5 words must be allowed; the answer says so.
        let isRefused = text.contains("not in the whitelist")
        let reason: String? =
            if bytes.isEmpty {
                "'\(word)' was answered with nothing"
            } else if isRefused {
                "this ZooKeeper does not allow the word '\(word)'"
            } else if !isWhole {
                "the answer to '\(word)' did not end in time"
            } else {
                nil
            }
        context.addItem(
            source.item, file: "\(source.id)-\(word).txt", title: "Answer to '\(word)'",
            source: .init(type: .command, location: "\(word) to localhost:\(port)"), mediaType: "text/plain",
            format: .text, bytes: bytes, state: reason == nil ? .collected : .partial, reason: reason, on: source.role)
        if let reason {
            context.recordAbsent(
                source, .partial, reason: reason,
                hint: isRefused ? "add '\(word)' to 4lw.commands.whitelist in ZooKeeper's zoo.cfg" : nil)
        }
    }

    private func report(_ failure: TCPProbe.Failure, port: Int, real: Int) {
        let component = EdgeComponent.of(port: port)
        if let component, !component.isInstalled(context.files) {
            context.recordAbsent(
                source, reason: "\(component.name) is not on this node",
                hint: "run apigee-collect on \(source.place) as well, then: apigee-collect merge BUNDLE ... -o FILE")
        } else {
            context.recordAbsent(source, reason: "port \(real): \(failure.text)")
        }
    }
}
