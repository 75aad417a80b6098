import Foundation
import Testing

@testable import Logs

@Suite struct TimeTests {
    @Test func convertsCivilTimeLikeTheCLibrary() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<5000 {
            let second = Int.random(in: -62_135_596_800...253_402_300_799, using: &generator)
            let civil = CivilTime(secondsSince1970: second)
            var parts = unsafe tm()
            var time = time_t(second)
            unsafe gmtime_r(&time, &parts)
            let expected = unsafe [
                Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour),
                Int(parts.tm_min), Int(parts.tm_sec),
            ]
            #expect([civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second] == expected)
            #expect(civil.secondsSince1970 == second)
        }
    }

    @Test(arguments: [
        ("2026/11/29 10:11:12 [error] 812#0: *1 x", 1_795_947_072),
        ("2026-11-29 10:11:12,500 org:acme x", 1_795_947_072),
        ("2026/11-29 10:11:12 x", nil), ("2026-11/29 10:11:12 x", nil),
    ])
    func readsTheDatesOfEdgeAndOfNginx(_ text: String, _ expected: Int?) {
        #expect(LogTimestamp(Array(text.utf8).span, at: 0)?.civilSeconds == expected)
    }

    @Test(arguments: [
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000Z"),
        ("2026-11-23T10:00Z", "2026-11-23T10:00:00.000Z"),
        ("2026-11-23T10:00+01:00", "2026-11-23T09:00:00.000Z"),
        ("2026-11-23T10:00:00.5-0530", "2026-11-23T15:30:00.500Z"),
        ("2026-11-23 10:00", "2026-11-23T08:00:00.000Z"),
        (" 2026-11-23 10:00:01,250 ", "2026-11-23T08:00:01.250Z"),
        ("2026-11-23 10:00 UTC", "2026-11-23T10:00:00.000Z"),
        ("2026-11-23", "2026-11-22T22:00:00.000Z"),
        ("90m", "2026-11-23T10:30:00.000Z"),
        ("2h", "2026-11-23T10:00:00.000Z"),
        ("3d", "2026-11-20T12:00:00.000Z"),
        ("1h30m", "2026-11-23T10:30:00.000Z"),
        ("0s", "2026-11-23T12:00:00.000Z"),
        ("now", "2026-11-23T12:00:00.000Z"),
    ])
    func readsMomentsThatPeopleType(_ text: String, _ expected: String) throws {
        let now = try utc("2026-11-23T12:00:00Z")
        let instant = try LogInstant(argument: text, now: now, zone: .fixed(seconds: 7200))
        #expect(instant.iso8601(in: .utc) == expected)
    }

    @Test(arguments: [
        "", " ", "yesterday", "10", "h", "-2h", "2h ago", "2026-13-01", "2026-02-30 10:00", "2026-11-23 25:00",
        "2026-11-23T10",
        "2026-11-23T10:00:00+99:00", "2026-11-23T10:00:00Zulu", "999999999999h", "999999999w",
        "2026-11-23 10:00 and more",
        String(repeating: "1h", count: 10_000), "2026-11-23\u{1B}[31m",
    ])
    func refusesOtherMoments(_ text: String) {
        #expect(throws: LogError.self) { try LogInstant(argument: text) }
    }

    @Test func writesTheDistanceFromUTC() throws {
        let instant = try utc("2026-11-23T23:30:00.007Z")
        #expect(instant.iso8601(in: .fixed(seconds: 19_800)) == "2026-11-24T05:00:00.007+05:30")
        #expect(instant.iso8601(in: .fixed(seconds: -12_600)) == "2026-11-23T20:00:00.007-03:30")
        #expect(LogInstant(milliseconds: .max).iso8601(in: .utc) == "9999-12-31T23:59:59.999Z")
        #expect(LogInstant(milliseconds: .min).iso8601(in: .fixed(seconds: 0)) == "0001-01-01T00:00:00.000Z")
        #expect(LogInstant(milliseconds: .max).adding(seconds: .max) == .distantFuture)
    }

    /// The zone is one of the process, so this runs in a process of its own.
    @Test func followsTheNodesZoneThroughTheYear() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("TZ", "Europe/Berlin", 1)
            tzset()
            let zone = LogZone.node
            func moments(_ text: String) -> [String] {
                guard let stamp = LogTimestamp(Array(text.utf8).span, at: 0) else { return [] }
                var clock = RecordClock(zone: zone)
                let time = clock.time(of: stamp)
                return [time.earliest, time.latest].map { LogInstant(milliseconds: $0).iso8601(in: .utc) }
            }
            func check(_ text: String, _ earliest: String, _ latest: String? = nil) {
                #expect(moments(text) == [earliest, latest ?? earliest])
            }
            check("2026-01-15 12:00:00,000", "2026-01-15T11:00:00.000Z")
            check("2026-07-15 12:00:00,000", "2026-07-15T10:00:00.000Z")
            check("2026-07-15 12:00:00,000 UTC", "2026-07-15T12:00:00.000Z")
            // The hour that is left out.
            check("2026-03-29 01:59:59,999", "2026-03-29T00:59:59.999Z")
            check("2026-03-29 02:30:00,000", "2026-03-29T01:30:00.000Z")
            check("2026-03-29 03:00:00,000", "2026-03-29T01:00:00.000Z")
            // The hour that comes twice.
            check("2026-10-25 01:59:59,999", "2026-10-24T23:59:59.999Z")
            check("2026-10-25 02:30:00,000", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z")
            check("2026-10-25 03:00:00,000", "2026-10-25T02:00:00.000Z")
            let summer = LogInstant(milliseconds: 1_784_109_600_000)
            #expect(zone.abbreviation(at: summer) == "CEST")
            #expect(summer.iso8601().hasSuffix("+02:00"))
        }
    }

    @Test func makesTextHarmless() {
        #expect(harmless("plain-name_1.0 ü 日本") == "plain-name_1.0 ü 日本")
        #expect(
            harmless("a\u{1B}]0;title\u{07}\r\nb\tc\u{9B}31m")
                == "a\u{FFFD}]0;title\u{FFFD}\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}31m")
        #expect(
            harmless("x\u{202E}gpj\u{200B}\u{2028}\u{FEFF}\u{E0041}") == "x\u{FFFD}gpj\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect(harmless(String(repeating: "n", count: 1_000_000), maxLength: 10) == "nnnnnnnnn…")
        #expect(harmless([0x61, 0xFF, 0x00, 0x62]) == "a\u{FFFD}\u{FFFD}b")
        #expect(harmless("", maxLength: 0) == "")
        #expect(harmless("abc", maxLength: 3) == "abc")
    }
}
