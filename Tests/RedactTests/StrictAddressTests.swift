import Foundation
import Redact
import Testing

@Suite("Pseudonyms of addresses")
struct StrictAddressTests {
    let pseudonyms = try! Pseudonymizer(key: testKey)

    /// Pairs of addresses that share any number of first bits.
    private func pairs<T: FixedWidthInteger & UnsignedInteger>(_ count: Int, _ type: T.Type) -> [(T, T)] {
        var dice = LabelDice(seed: 7)
        return (0..<count).map { _ in
            let one = T.random(in: 0...T.max, using: &dice)
            let shared = Int.random(in: 0...T.bitWidth, using: &dice)
            let mask = shared == T.bitWidth ? 0 : T.max >> T(shared)
            return (one, (one & ~mask) | (T.random(in: 0...T.max, using: &dice) & mask))
        }
    }

    @Test("two IPv4 addresses share as many first bits after as before")
    func prefixesV4() {
        for (one, two) in pairs(4_000, UInt32.self) {
            let (a, b) = (pseudonyms.ipv4(one), pseudonyms.ipv4(two))
            #expect((a ^ b).leadingZeroBitCount == (one ^ two).leadingZeroBitCount, "\(one) \(two)")
            #expect(pseudonyms.originalIPv4(a) == one)
        }
    }

    @Test("two IPv6 addresses share as many first bits after as before")
    func prefixesV6() {
        let unicast = pairs(500, UInt128.self).map { ($0.0 >> 3 | 1 << 125, $0.1 >> 3 | 1 << 125) }
        for (one, two) in unicast + pairs(200, UInt128.self) {
            let (a, b) = (pseudonyms.ipv6(one), pseudonyms.ipv6(two))
            #expect((a ^ b).leadingZeroBitCount == (one ^ two).leadingZeroBitCount)
            #expect(pseudonyms.originalIPv6(a) == one)
        }
    }

    @Test("a private /16 is permuted: each address once, none left out, hardly one in its place")
    func bijective() {
        let all = (0..<65_536).map { UInt32(0xC0A8_0000) + UInt32($0) }
        let mapped = all.map { pseudonyms.ipv4($0) }
        #expect(Set(mapped) == Set(all))
        #expect(zip(all, mapped).count { $0 == $1 } < 700)
    }

    @Test(
        "ranges stay what they are",
        arguments: [
            (0x0A01_0203, 0xFF00_0000), (0x6440_0001, 0xFFC0_0000), (0xAC1F_0909, 0xFFF0_0000),
            (0xC0A8_0001, 0xFFFF_0000),
        ] as [(UInt32, UInt32)])
    func ranges(address: UInt32, mask: UInt32) {
        #expect(pseudonyms.ipv4(address) & mask == address & mask)
        #expect(pseudonyms.ipv4(address) != address)
    }

    @Test("public addresses stay public")
    func publicAddresses() {
        var dice = LabelDice(seed: 3)
        func isSpecial(_ address: UInt32) -> Bool {
            let top = address >> 24
            return top == 0 || top == 10 || top == 127 || top >= 224 || address >> 22 == 0x6440_0000 >> 22
                || address >> 16 == 0xA9FE || address >> 20 == 0xAC1 || address >> 16 == 0xC0A8
        }
        for _ in 0..<4_000 {
            let address = UInt32.random(in: 0...UInt32.max, using: &dice)
            #expect(isSpecial(address) == isSpecial(pseudonyms.ipv4(address)))
        }
    }

    @Test(
        "loopback, link-local, multicast, unspecified, broadcast and netmasks stay as they are",
        arguments: [
            0, 0x7F00_0001, 0xA9FE_A9FE, 0xE000_0001, 0xFFFF_FFFF, 0xFFFF_FF00, 0xFFF0_0000, 0xF000_0000,
        ] as [UInt32])
    func fixed(address: UInt32) {
        #expect(pseudonyms.ipv4(address) == address)
    }

    @Test("IPv6 ranges, and the IPv4 addresses in IPv6 ones")
    func rangesV6() {
        #expect(pseudonyms.ipv6(0) == 0 && pseudonyms.ipv6(1) == 1)
        let mapped: UInt128 = 0xFFFF << 32 | 0x0A01_0203
        #expect(pseudonyms.ipv6(mapped) == 0xFFFF << 32 | UInt128(pseudonyms.ipv4(0x0A01_0203)))
        let unique: UInt128 = 0xFD12 << 112 | 0x99
        #expect(pseudonyms.ipv6(unique) >> 121 == unique >> 121 && pseudonyms.ipv6(unique) != unique)
        // What is made of a card's address goes, the rest stays.
        let local: UInt128 = 0xFE80 << 112 | 0x0A00_27FF_FE4E_66A1
        #expect(pseudonyms.ipv6(local) >> 64 == local >> 64 && pseudonyms.ipv6(local) != local)
        let group: UInt128 = 0xFF02 << 112 | 0x1_FF4E_66A1
        #expect(pseudonyms.ipv6(group) >> 24 == group >> 24 && pseudonyms.ipv6(group) != group)
        let all: UInt128 = 0xFF02 << 112 | 1
        #expect(pseudonyms.ipv6(all) == all)
        #expect(pseudonyms.mac(0x3333_FF4E_66A1) & 0xFF_FFFF == UInt64(pseudonyms.ipv6(group) & 0xFF_FFFF))
    }

    @Test("hardware addresses keep their two kind bits and their vendor's company")
    func macs() {
        var dice = LabelDice(seed: 5)
        for _ in 0..<1_000 {
            let address = UInt64.random(in: 1..<(1 << 48), using: &dice) & ~(1 << 40)
            let mapped = pseudonyms.mac(address)
            #expect(mapped >> 40 & 3 == address >> 40 & 3 && mapped != 0)
            #expect(pseudonyms.originalMAC(mapped) == address)
            #expect(pseudonyms.mac(address ^ 1) >> 1 == mapped >> 1)
        }
        for address: UInt64 in [0, 0xFFFF_FFFF_FFFF, 0x0100_5E00_0001, 0x0180_C200_000E] {
            #expect(pseudonyms.mac(address) == address)
        }
    }

    @Test("another key gives other pseudonyms, the same key the same")
    func keys() throws {
        let same = try Pseudonymizer(key: testKey)
        let other = try Pseudonymizer(key: [UInt8](repeating: 1, count: 32))
        #expect(same.ipv4(0x0A01_0203) == pseudonyms.ipv4(0x0A01_0203))
        #expect(other.ipv4(0x0A01_0203) != pseudonyms.ipv4(0x0A01_0203))
        #expect(same.text(host: "mp01.acme.com") == pseudonyms.text(host: "mp01.acme.com"))
        #expect(other.text(host: "mp01.acme.com") != pseudonyms.text(host: "mp01.acme.com"))
        #expect(throws: RedactionError.self) { try Pseudonymizer(key: [1, 2, 3]) }
        // Fixed for ever: runs and nodes of different versions must agree.
        #expect(pseudonyms.text(ipv4: 0x0A01_0203) == "ip-10.15.225.2")
        #expect(pseudonyms.text(user: "jdoe") == "user-cd77eec083ffff96")
    }

    @Test("names of hosts keep their role, their relations and their top-level domain")
    func hosts() {
        let full = pseudonyms.text(host: "mp01.dc1.acme.com")
        let parts = full.split(separator: ".")
        #expect(parts.count == 4 && parts[0].hasPrefix("mp-") && parts[3] == "com")
        #expect(pseudonyms.text(host: "MP01.DC1.Acme.COM") == full && pseudonyms.text(host: "mp01") == parts[0])
        #expect(pseudonyms.text(host: "acme.com") == parts[2...].joined(separator: "."))
        #expect(pseudonyms.text(host: "*.dc1.acme.com") == "*." + parts[1...].joined(separator: "."))
        #expect(pseudonyms.text(host: "edge-mp-03").hasPrefix("edge-mp-"))
        #expect(pseudonyms.text(host: full) == full)
        for name in ["localhost", "api.enterprise.apigee.com", "acme-prod.apigee.net", "www.w3.org"] {
            #expect(pseudonyms.text(host: name) == name)
        }
    }

    @Test("users of every installation stay, others go")
    func users() {
        #expect(pseudonyms.text(user: "root") == "root" && pseudonyms.text(user: "apigee") == "apigee")
        let user = pseudonyms.text(user: "jdoe")
        #expect(user.hasPrefix("user-") && user.utf8.count == 21 && pseudonyms.text(user: user) == user)
        #expect(pseudonyms.text(email: "JDoe@acme.com") == user + "@" + pseudonyms.text(host: "acme.com"))
    }
}
