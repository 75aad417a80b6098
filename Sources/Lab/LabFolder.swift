import Foundation

/// The folders of one lab.
struct LabFolder: Sendable {
    /// The folder that plays `/` of the node.
    let root: URL
    /// Keys, certificates and the Java program: nobody else's business.
    let work: URL
    /// What an operator has at hand: password, token, curl command.
    let desk: URL
    /// Programs that stand in for those of the system.
    let tools: URL
    private let base: URL
    private let janitor: Janitor

    /// - Parameter root: a folder to play `/`, made if it isn't there; nil for a new one.
    init(root: URL?) throws {
        base = FileManager.default.temporaryDirectory.appendingPathComponent("apigee-lab-" + RandomValues.string(10))
        work = base.appendingPathComponent("work")
        desk = base.appendingPathComponent("desk")
        tools = base.appendingPathComponent("tools")
        self.root = root ?? base.appendingPathComponent("root")
        let files = FileManager.default
        if files.fileExists(atPath: self.root.appendingPathComponent("opt").path) {
            throw LabError(
                .badOption, self.root.path, "the root holds an opt folder already", hint: "name an empty folder")
        }
        try files.createDirectory(at: base, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        janitor = try Janitor(of: base)
        try files.createDirectory(at: self.root, withIntermediateDirectories: true)
        for folder in [work, desk] {
            try files.createDirectory(
                at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
    }

    /// Removes everything but a root that was given.
    func remove() async {
        await janitor.finish()
        try? FileManager.default.removeItem(at: base)
    }
}
