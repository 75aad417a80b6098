internal import EdgeAPI
internal import Redact
internal import SupportBundle

/// The complete curl command of the failing request: credentials replaced by markers, still a valid shell command.
struct CurlCommandCollector: Collector {
    let name = "curl command"
    let items: [ItemKind] = [.curlCommand]

    func plan(_ context: PlanContext) -> [PlannedAction] {
        if let command = context.options.curlCommand {
            return [PlannedAction(.curlCommand, .user, "--curl-file", expectedBytes: command.count)]
        }
        return [PlannedAction(.curlCommand, .user, "", obstacle: "no --curl-file was given")]
    }

    func collect(_ context: RunContext) async {
        guard let command = context.options.curlCommand else {
            context.record(
                .curlCommand, .missing, reason: "no curl command was given",
                hint: "write the failing request as a curl command into a file and run it again with --curl-file FILE")
            return
        }
        context.addItem(
            .curlCommand, file: "curl.sh", title: "The failing request as a curl command",
            source: .init(type: .user, location: "--curl-file"), mediaType: "text/x-shellscript", format: .text,
            bytes: command, on: .client)
    }
}
