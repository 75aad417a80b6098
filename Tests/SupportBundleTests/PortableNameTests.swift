import SupportBundle
import Testing

@Suite("Portable names")
struct PortableNameTests {
    @Test(
        "keep what is harmless and replace the rest",
        arguments: [
            ("system.log", "system.log"), ("../../etc/passwd", "_.._etc_passwd"), ("-rf", "rf"), (".hidden", "hidden"),
            ("a\nb\u{7}c", "a_b_c"), ("Grüße-日本", "Grüße-日本"), ("", "unnamed"), ("...", "unnamed"),
            ("con.txt", "_con.txt"),
            ("host:8443", "host_8443"), ("a\u{202e}b", "a_b"), ("x.", "x"), ("$(reboot)", "__reboot_"),
        ])
    func component(foreign: String, expected: String) {
        #expect(PortableName.component(foreign) == expected)
        #expect(BundlePath.problem(PortableName.component(foreign).utf8) == nil)
    }

    @Test("are cut at a character")
    func long() {
        let name = PortableName.component(String(repeating: "日", count: 200))
        #expect(name.utf8.count == 99)
        #expect(name.allSatisfy { $0 == "日" })
    }

    @Test("are unique, also on disks that don't tell cases apart")
    func unique() {
        var names = PortableName()
        #expect(names.unique("a.log") == "a.log")
        #expect(names.unique("A.log") == "A-2.log")
        #expect(names.unique("a.log") == "a-3.log")
        let long = String(repeating: "x", count: 300)
        let first = names.unique(long), second = names.unique(long)
        #expect(first != second && second.utf8.count <= 100)
    }
}
