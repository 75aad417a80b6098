import Attach
import EdgeAPI
import Foundation
import Lab
import Platform
import Synchronization

/// A file to be sent, in a folder of its own that goes with it.
final class Cargo: Sendable {
    let folder: URL
    let bytes: [UInt8]
    var path: String { folder.appendingPathComponent("apigee-support-acme-prod-20261123T100000Z.tar.gz").path }
    var state: String { path + ".upload" }
    var receipt: String { path + ".receipt.json" }

    init(_ count: Int) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("attach-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var generator = SystemRandomNumberGenerator()
        let block = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            // No two blocks are alike, so that a block in another's place shows.
            let place = bytes.count
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: place >> (8 * $0)) }
            bytes += block.prefix(count - bytes.count)
        }
        self.bytes = Array(bytes.prefix(count))
        try Data(self.bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

/// Options that find the desk, with no patience to lose.
func options(_ cargo: Cargo, _ target: AttachTarget, _ desk: SupportDesk) -> AttachOptions {
    var options = AttachOptions(bundle: cargo.path, target: target)
    options.endpoint = desk.endpoint
    options.http = HTTPOptions(environment: [:])
    options.token = .fixed(Secret("a-token"))
    options.retryDelay = .milliseconds(5)
    return options
}

@discardableResult
func send(_ options: AttachOptions) async throws -> Receipt { try await Attacher(options).send { _ in } }

/// The error of a sending that must fail.
func failure(_ options: AttachOptions) async -> AttachError? {
    do {
        _ = try await send(options)
        return nil
    } catch {
        return error as? AttachError
    }
}
