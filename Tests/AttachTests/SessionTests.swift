import Attach
import Foundation
import Lab
import Platform
import Synchronization
import Testing

@Suite("Resumable sessions of Cloud Storage")
struct SessionTests {
    private static let mebibyte = 1 << 20

    @Test("A line that is cut again and again costs little, and the file is the same at the end")
    func cuts() async throws {
        let cargo = try Cargo(64 * Self.mebibyte + 12_345)
        var manners = SupportDesk.Manners()
        (manners.cutEvery, manners.cuts) = (10 * Self.mebibyte + 777, 6)
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        let receipt = try await send(options(cargo, AttachTarget(url: desk.signedURL, allowHTTP: true), desk))
        #expect(desk.objects == [cargo.bytes])
        #expect(receipt.compared == "md5")
        let again = desk.received - cargo.bytes.count
        #expect(again > 0, "nothing was cut")
        #expect(again < 6 * 3 * Self.mebibyte)
        #expect(!cargo.exists(cargo.state))
        #expect(cargo.exists(cargo.receipt))
    }

    @Test("A run that was killed is continued by the next one")
    func continued() async throws {
        let cargo = try Cargo(24 * Self.mebibyte)
        var manners = SupportDesk.Manners()
        manners.slowness = 0.004
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        let options = try options(cargo, AttachTarget(url: desk.signedURL, allowHTTP: true), desk)
        let there = Mutex(0)
        let task = Task {
            try await Attacher(options).send { bytes in there.withLock { $0 = max($0, bytes) } }
        }
        while there.withLock({ $0 }) < 10 * Self.mebibyte { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: AttachError.self) { try await task.value }
        #expect(cargo.exists(cargo.state))
        let mode = try FileManager.default.attributesOfItem(atPath: cargo.state)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        desk.set { $0.slowness = 0 }
        let before = desk.received
        let next = try Attacher(options)
        #expect(next.continuesEarlier)
        _ = try await next.send { _ in }
        #expect(desk.objects == [cargo.bytes])
        #expect(desk.received - before <= 17 * Self.mebibyte, "it began anew")
        #expect(desk.requests.count { $0.hasPrefix("POST") } == 1, "a second session was started")
    }

    @Test("A session that is gone is started anew, a failing server is waited for")
    func goneAndFailing() async throws {
        let cargo = try Cargo(3 * Self.mebibyte)
        var manners = SupportDesk.Manners()
        manners.statuses = [503, 500, 410]
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        let receipt = try await send(options(cargo, AttachTarget(url: desk.signedURL, allowHTTP: true), desk))
        #expect(desk.objects == [cargo.bytes])
        #expect(receipt.compared == "md5")
    }

    @Test("An answer that is lost makes no second object")
    func lostAnswer() async throws {
        let cargo = try Cargo(2 * Self.mebibyte)
        var manners = SupportDesk.Manners()
        manners.swallowedAnswers = 1
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        try await send(options(cargo, AttachTarget(url: desk.signedURL, allowHTTP: true), desk))
        #expect(desk.objects == [cargo.bytes])
        #expect(desk.received == cargo.bytes.count)
    }

    @Test("What arrived otherwise than it was sent is told")
    func wrongSum() async throws {
        let cargo = try Cargo(300_000)
        var manners = SupportDesk.Manners()
        manners.liesAboutSums = true
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        for url in [desk.signedURL, desk.putURL] {
            let error = try await failure(options(cargo, AttachTarget(url: url, allowHTTP: true), desk))
            #expect(error?.reason.contains("md5") == true)
        }
        #expect(!cargo.exists(cargo.receipt))
    }

    @Test("A signed URL by one PUT, cut once")
    func plainPut() async throws {
        let cargo = try Cargo(5 * Self.mebibyte)
        var manners = SupportDesk.Manners()
        (manners.cutEvery, manners.cuts) = (2 * Self.mebibyte, 1)
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        let receipt = try await send(options(cargo, AttachTarget(url: desk.putURL, allowHTTP: true), desk))
        #expect(desk.objects == [cargo.bytes])
        #expect(receipt.bytesSent > cargo.bytes.count)
    }

    @Test("The rate is kept")
    func rate() async throws {
        let cargo = try Cargo(1_500_000)
        let desk = try SupportDesk()
        defer { desk.stop() }
        var options = try options(cargo, AttachTarget(url: desk.putURL, allowHTTP: true), desk)
        options.rate = 500_000
        let start = ContinuousClock.now
        try await send(options)
        #expect(ContinuousClock.now - start > .seconds(2))
    }

    @Test("A network that wants a login first is told from success")
    func portal() async throws {
        let cargo = try Cargo(100_000)
        var manners = SupportDesk.Manners()
        manners.isPortal = true
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        for target in [
            try AttachTarget(url: desk.putURL, allowHTTP: true), try AttachTarget(url: desk.signedURL, allowHTTP: true),
            try AttachTarget(url: desk.endpoint + "/b/o?upload_id=1", allowHTTP: true),
            try AttachTarget(supportCase: "projects/p/cases/1"),
        ] {
            let error = await failure(options(cargo, target, desk))
            #expect(error?.reason.contains("web page") == true, "\(target)")
            #expect(error?.hint?.contains("login") == true)
        }
        #expect(!cargo.exists(cargo.receipt))
    }
}

/// Takes a minute: ATTACH_GIGABYTE=1 swift test --filter gigabyte.
@Suite("A gigabyte", .enabled(if: ProcessInfo.processInfo.environment["ATTACH_GIGABYTE"] != nil))
struct GigabyteTests {
    @Test("gigabyte: a line that is cut twenty times costs less than a twentieth")
    func gigabyte() async throws {
        let cargo = try Cargo(1 << 30)
        var manners = SupportDesk.Manners()
        (manners.cutEvery, manners.cuts) = (50 << 20, 20)
        let desk = try SupportDesk(manners)
        defer { desk.stop() }
        let receipt = try await send(options(cargo, AttachTarget(url: desk.signedURL, allowHTTP: true), desk))
        #expect(desk.objects == [cargo.bytes])
        #expect(receipt.compared == "md5")
        let (again, handed) = (desk.received - cargo.bytes.count, receipt.bytesSent - cargo.bytes.count)
        print("arrived again: \(again) bytes, handed to the line again: \(handed) bytes of \(cargo.bytes.count)")
        #expect(again > 0)
        #expect(handed < cargo.bytes.count / 20)
    }
}
