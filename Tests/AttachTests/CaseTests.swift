import Attach
import Foundation
import Lab
import Platform
import Synchronization
import Testing

@Suite("Cases of Google Cloud Support")
struct CaseTests {
    private let name = "projects/acme-prod/cases/12345678"

    @Test("Attached with a comment, under the bundle's name")
    func attached() async throws {
        let cargo = try Cargo(700_000)
        let desk = try SupportDesk()
        defer { desk.stop() }
        var options = try options(cargo, AttachTarget(supportCase: name), desk)
        options.comment = "START HERE \"quoted\"\nsecond line"
        let receipt = try await send(options)
        #expect(desk.attachments.map(\.bytes) == [cargo.bytes])
        #expect(desk.attachments.map(\.filename) == ["apigee-support-acme-prod-20261123T100000Z.tar.gz"])
        #expect(desk.attachments.map(\.parent) == [name])
        #expect(desk.comments.count == 1)
        #expect(desk.comments.first?.hasPrefix("START HERE \"quoted\"\nsecond line\n\n") == true)
        #expect(desk.comments.first?.contains(receipt.sha256) == true)
        #expect(receipt.attachments.first?.name == "\(name)/attachments/0684M00000")
        let kept = try String(contentsOfFile: cargo.receipt, encoding: .utf8)
        #expect(kept.contains(receipt.sha256) && kept.contains(name))
    }

    @Test("Never a second copy without asking")
    func secondCopy() async throws {
        let cargo = try Cargo(50_000)
        let desk = try SupportDesk()
        defer { desk.stop() }
        var options = try options(cargo, AttachTarget(supportCase: name), desk)
        try await send(options)
        #expect(await failure(options)?.code == .refused)
        // Without the receipt, what the case has tells it.
        try FileManager.default.removeItem(atPath: cargo.receipt)
        #expect(await failure(options)?.code == .refused)
        #expect(desk.attachments.count == 1)
        options.sendsAgain = true
        try await send(options)
        #expect(desk.attachments.count == 2)
    }

    @Test("An answer that is lost makes no second copy")
    func lostAnswer() async throws {
        let cargo = try Cargo(400_000)
        var manners = SupportDesk.Manners()
        manners.swallowedAnswers = 1
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        try await send(options(cargo, AttachTarget(supportCase: name), desk))
        #expect(desk.attachments.map(\.bytes) == [cargo.bytes])
    }

    @Test("A cut line and a busy server are waited for")
    func patience() async throws {
        let cargo = try Cargo(3_000_000)
        var manners = SupportDesk.Manners()
        (manners.cutEvery, manners.cuts, manners.statuses) = (1_000_000, 2, [429, 503])
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        try await send(options(cargo, AttachTarget(supportCase: name), desk))
        #expect(desk.attachments.map(\.bytes) == [cargo.bytes])
    }

    @Test("Parts, and the rest of them after a refusal")
    func parts() async throws {
        let cargo = try Cargo(1_000_000)
        let desk = try SupportDesk()
        defer { desk.stop() }
        var options = try options(cargo, AttachTarget(supportCase: name), desk)
        options.partSize = 300_000
        desk.set { $0.statuses = [403] }
        #expect(await failure(options)?.reason.contains("403") == true)
        desk.set { $0.mostBytes = 300_000 }
        let receipt = try await send(options)
        #expect(desk.attachments.map(\.filename).map { String($0.suffix(3)) } == ["001", "002", "003", "004"])
        #expect(desk.attachments.flatMap(\.bytes) == cargo.bytes)
        #expect(receipt.attachments.count == 4)
    }

    @Test(
        "Each refusal says what it means",
        arguments: [
            (403, "cloudsupport.techSupportEditor"), (413, "--part-size"), (404, "projects/PROJECT/cases"),
        ])
    func refusals(_ status: Int, _ hint: String) async throws {
        let cargo = try Cargo(200_000)
        let desk = try SupportDesk()
        defer { desk.stop() }
        switch status {
        case 413: desk.set { $0.mostBytes = 1000 }
        case 404: desk.set { $0.cases = ["projects/other/cases/1"] }
        default: desk.set { $0.statuses = [status] }
        }
        let error = try await failure(options(cargo, AttachTarget(supportCase: name), desk))
        #expect(error?.reason.contains("(\(status))") == true)
        #expect(error?.hint?.contains(hint) == true)
        #expect(desk.attachments.isEmpty)
    }

    @Test("A token that has expired is renewed once")
    func renewed() async throws {
        let cargo = try Cargo(200_000)
        var manners = SupportDesk.Manners()
        manners.tokens = ["second"]
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        var options = try options(cargo, AttachTarget(supportCase: name), desk)
        let count = Mutex(0)
        options.token = .file(read: {
            let number = count.withLock { count in
                count += 1
                return count
            }
            return Secret(number == 1 ? "first" : "second")
        })
        try await send(options)
        #expect(desk.attachments.count == 1)
        #expect(count.withLock { $0 } == 2)

        options.sendsAgain = true
        options.token = .file(read: {
            count.withLock { $0 += 1 }
            return Secret("first")
        })
        #expect(await failure(options)?.reason.contains("401") == true)
        #expect(count.withLock { $0 } == 4)
    }

    @Test("Names of cases and URLs that are none")
    func names() {
        for name in ["12345", "projects/p/cases/", "projects/../cases/1", "folders/f/cases/1", "projects/a b/cases/1"] {
            #expect(throws: AttachError.self) { try AttachTarget(supportCase: name) }
        }
        for url in ["http://example.com/x", "ftp://x/y", "https://a b/c"] {
            #expect(throws: AttachError.self) { try AttachTarget(url: url) }
        }
    }

    @Test("No text of an error holds a token or a signature")
    func secrecy() async throws {
        let cargo = try Cargo(1000)
        let desk = try SupportDesk()
        let endpoint = desk.endpoint
        desk.stop()
        var options = try options(
            cargo, AttachTarget(url: endpoint + "/put/x?X-Goog-Signature=c0ffee5ec7e7", allowHTTP: true), desk)
        options.retryDelay = .zero
        let error = try #require(await failure(options))
        #expect(!"\(error) \(error.hint ?? "")".contains("c0ffee5ec7e7"))
    }
}
