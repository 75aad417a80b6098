import Foundation
import Packets
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

func fixture(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: "Tests/Fixtures/\(path)")))
}

func elements(_ bytes: [UInt8], step: Int = 4_096) -> [CaptureElement] {
    var parser = CaptureParser()
    var all: [CaptureElement] = []
    for start in stride(from: 0, to: bytes.count, by: step) {
        parser.append(bytes[start..<min(start + step, bytes.count)])
        while let element = parser.next() { all.append(element) }
    }
    if let last = parser.finish() { all.append(last) }
    return all
}

private func frames(_ elements: [CaptureElement]) -> [CapturedFrame] {
    elements.compactMap { if case .frame(let frame) = $0 { frame } else { nil } }
}

private func write(_ elements: [CaptureElement]) -> [UInt8] {
    var writer = CaptureWriter()
    var out: [UInt8] = []
    for element in elements {
        switch element {
        case .section(let format): writer.begin(format, to: &out)
        case .interface(let interface): writer.write(interface, to: &out)
        case .frame(let frame): writer.write(frame, to: &out)
        case .skipped, .broken: break
        }
    }
    return out
}

@Suite("Captures")
struct CaptureTests {
    @Test("a classic file is written as it was read", arguments: [1, 5, 4_096])
    func classic(step: Int) throws {
        let bytes = try fixture("jsse/tls12-ok.pcap")
        let all = elements(bytes, step: step)
        #expect(write(all) == bytes)
        #expect(frames(all).map(\.number) == Array(1...frames(all).count))
    }

    @Test("both byte orders and both time units", arguments: [ByteOrder.big, .little], [false, true])
    func forms(order: ByteOrder, nanosecond: Bool) throws {
        let interface = CaptureInterface(linkType: .ethernet, snapLength: 65_535, resolution: nanosecond ? 9 : 6)
        let source = frames(elements(try fixture("jsse/tls12-ok.pcap")))
        for format in [CaptureFormat.pcap(order, nanosecond: nanosecond), .pcapng(order)] {
            let bytes = write([.section(format), .interface(interface)] + source.map(CaptureElement.frame))
            let all = elements(bytes, step: 11)
            guard case .section(let read) = all.first else {
                Issue.record("no section")
                continue
            }
            #expect(read == format)
            #expect(frames(all).map(\.data) == source.map(\.data))
            #expect(write(all) == bytes)
        }
    }

    @Test(
        "time stamps of pcapng in powers of ten and of two",
        arguments: [
            (UInt8(6), 1_500_000, 500_000_000),
            (9, 1_000_000_007, 7), (0, 3, 0), (0x81, 3, 500_000_000), (0xA0, 1 << 31, 500_000_000), (200, 1, 0),
        ])
    func resolution(resolution: UInt8, ticks: UInt64, nanoseconds: Int32) {
        let interface = CaptureInterface(linkType: .raw, snapLength: 0, resolution: resolution, timeOffset: 60)
        let frame = CapturedFrame.sample(stamp: (UInt32(ticks >> 32), UInt32(truncatingIfNeeded: ticks)))
        let read = frames(elements(write([.section(.pcapng(.little)), .interface(interface), .frame(frame)])))
        #expect(read.first?.time.nanoseconds == nanoseconds)
    }

    @Test("a file cut anywhere is reported, and gives only whole frames")
    func cut() throws {
        let bytes = try fixture("jsse/tls12-no-client-cert.pcap")
        let whole = frames(elements(bytes)).map(\.data)
        for end in stride(from: 0, to: bytes.count - 1, by: 7) {
            let all = elements(Array(bytes[..<end]))
            let read = frames(all).map(\.data)
            #expect(read == Array(whole.prefix(read.count)))
        }
    }

    @Test("frames beyond the limit end a classic file")
    func tooLong() {
        let header: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]
        let all = elements(header + [0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0])
        guard case .broken = all.last else {
            Issue.record("not refused")
            return
        }
    }
}

extension CapturedFrame {
    /// A frame read back from a file of one frame, as frames have no initialiser outside of their module.
    static func sample(stamp: (UInt32, UInt32)) -> CapturedFrame {
        var bytes: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]
        for word in [stamp.0, stamp.1, 1, 1] { bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        var parser = CaptureParser()
        parser.append((bytes + [7])[...])
        while let element = parser.next() { if case .frame(let frame) = element { return frame } }
        preconditionFailure("no frame in a file that has one")
    }
}
