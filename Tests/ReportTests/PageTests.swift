import Crypto
import Documents
import Foundation
import Report
import SupportBundle
import Testing

@Suite struct PageTests {
    private func page(
        _ manifest: Manifest, _ connections: JSONValue? = nil, language: Language = .english
    ) throws -> String {
        let bytes = try ReportPage.html(manifest, ReportMaterial(diagnosis: connections), language: language)
        // To look at them in a browser: REPORT_PAGES=/tmp/pages swift test --filter PageTests
        if let folder = ProcessInfo.processInfo.environment["REPORT_PAGES"], connections != nil {
            let name = manifest == Samples.partial ? "partial" : manifest == Samples.hostile ? "hostile" : "other"
            let place = URL(fileURLWithPath: folder)
            try Data(bytes).write(to: place.appending(path: "\(name).html"))
            try Data(StartHere.text(manifest).utf8).write(to: place.appending(path: "\(name).txt"))
        }
        return try #require(String(validating: bytes, as: UTF8.self))
    }

    @Test(arguments: Samples.Name.allCases, Language.allCases)
    func isWellFormedAndSmall(sample: Samples.Name, language: Language) throws {
        let connections = sample == .hostile ? Samples.hostileConnections : Samples.connections
        let html = try page(sample.manifest, connections, language: language)
        #expect(html.utf8.count < ReportPage.maxBytes)
        let root = try tree(html)
        let names = Set(root.descendants.map(\.name))
        #expect(names.isSuperset(of: ["header", "nav", "main", "footer", "h1", "h2", "title"]))
        #expect(
            names.isDisjoint(with: [
                "script", "img", "link", "iframe", "object", "form", "base", "use", "foreignObject", "animate",
            ]))
        #expect(root.descendants("h1").count == 1)
        #expect(root.descendants("style").count == 1)
        let ids = root.descendants.compactMap { $0["id"] }
        #expect(ids.count == Set(ids).count)
        for link in root.descendants("a") {
            let href = try #require(link["href"])
            if href.hasPrefix("#") {
                #expect(ids.contains(String(href.dropFirst())))
            } else {
                #expect(href.hasPrefix("items/") && !href.contains("..") && !href.contains(":"))
            }
        }
        for element in root.descendants {
            #expect(!element.attributes.contains { $0.name.hasPrefix("on") || $0.name == "src" || $0.name == "style" })
        }
    }

    @Test func loadsNothing() throws {
        let html = try page(Samples.partial, Samples.connections)
        let policy = try tree(html).descendants("meta").first { $0["http-equiv"] == "Content-Security-Policy" }
        #expect(
            policy?["content"]
                == "default-src 'none'; style-src 'sha256-\(try styleHash(html))'; base-uri 'none'; form-action 'none'",
            "write this sum of templates/report/style.css into templates/report/report.html")
        #expect(!html.contains("url("))
        #expect(!html.contains("@import"))
    }

    /// Of the one style element, as the policy names it (CSP level 3, section 8.3).
    private func styleHash(_ html: String) throws -> String {
        let start = try #require(html.range(of: "<style>"))
        let end = try #require(html.range(of: "</style>"))
        return Data(SHA256.hash(data: Data(html[start.upperBound..<end.lowerBound].utf8))).base64EncodedString()
    }

    @Test func hostileTextStaysText() throws {
        let html = try page(Samples.hostile, Samples.hostileConnections)
        #expect(html.contains("&lt;script&gt;alert(1)"))
        for scalar in html.unicodeScalars where scalar != "\n" {
            #expect(TerminalText.harmless(String(scalar)) == String(scalar))
        }
    }

    @Test func theNumbersAreThoseOfTheManifest() throws {
        let manifest = Samples.partial
        let root = try tree(try page(manifest, Samples.connections))
        func section(_ id: String) throws -> XMLElement {
            try #require(root.descendants("section").first { $0["id"] == id })
        }
        let items = try section("items")
        #expect(items.descendants("tr").count == manifest.items.count + 1)
        #expect(items.descendants("a").compactMap { $0["href"] } == manifest.items.map(\.path))
        #expect(
            items.descendants("td").filter { $0["data-label"] == "Secrets removed" }.map(\.text)
                == manifest.items.map { "\($0.redactions.values.reduce(0, +))" })
        #expect(try section("checklist").descendants("tr").count == manifest.mustCollect.count + 1)
        let findings = try section("redaction").descendants("td").filter { $0["class"] == "number" }.map(\.text)
        #expect(findings.isEmpty)
        let totals = try section("redaction").descendants("td").filter { $0["class"] == "number total" }.map(\.text)
        #expect(totals == ["31", "12", "4", "2"])
        #expect(try section("redaction").descendants("li").first?.text.hasPrefix("49 secret values") == true)
        let places = try section("redaction").descendants("tr")[1].descendants("span")
        #expect(places.map { $0.first("code")?.text } == ["items/message-processor-log/system.log"])
        #expect(places.first?.trimmedText == "31")
        #expect(
            items.descendants("span").filter { $0["class"] == "sum" }.compactMap { $0.first("code")?.text }
                == manifest.items.map(\.sha256))
        #expect(try section("missing").descendants("code").map(\.text) == [manifest.mustCollect[2].hint])
        #expect(try section("tried").descendants("li").count == manifest.tried.count)
        let verdict = try section("verdict")
        #expect(verdict.descendants("a").map { $0["href"] } == manifest.diagnosis[0].evidence.map(\.path))
        #expect(try section("cut").descendants("bdi").map(\.text).first?.contains("91.0 MB left out") == true)
    }

    @Test func theHandshakeIsDrawn() throws {
        let root = try tree(try page(Samples.partial, Samples.connections))
        let section = try #require(root.descendants("section").first { $0["id"] == "handshake" })
        let steps = section.descendants("g").filter { $0["class"]?.hasPrefix("step") == true }
        #expect(steps.count == 11)
        #expect(
            steps.filter { $0["class"] == "step wrong" }.map { $0.first("text")?.text } == [
                "Certificate · EMPTY, none sent", "Alert · fatal bad_certificate",
            ])
        #expect(section.descendants("dd").map(\.text).contains("CN=Partner CA,O=Backend Ltd,C=DE"))
        #expect(section.descendants("p").last?.text.hasPrefix("1 more TLS connection") == true)
        let picture = try #require(section.descendants("div").first { $0["role"] == "img" })
        #expect(
            picture["aria-label"]
                == "Handshake between Message Processor and Backend in 11 messages. It fails in frame 11: "
                + "Alert · fatal bad_certificate.")
        #expect(try !page(Samples.partial).contains("id=\"handshake\""))
    }

    @Test func withoutAVerdictTheKnownCausesAreTold() throws {
        var manifest = Samples.bare
        manifest.playbook.id = "policy-javascript"
        let verdict = try #require(try tree(try page(manifest)).section("verdict"))
        #expect(verdict.allText.contains("No verdict") && verdict.allText.contains("The script ended with an error"))
        let chinese = try #require(try tree(try page(manifest, language: .chinese)).section("verdict"))
        #expect(chinese.allText.contains("脚本以错误结束"))
        manifest.diagnosis = Samples.partial.diagnosis
        #expect(try !page(manifest).contains("The script ended with an error"))
        manifest.playbook.id = "one-of-the-site"
        manifest.diagnosis = []
        #expect(try tree(try page(manifest)).section("verdict")?.descendants("li").isEmpty == true)
    }

    @Test func commandsStandAsCode() throws {
        var manifest = Samples.partial
        manifest.diagnosis[0].wouldSettle = ["Do `a <b>` and `c`", "an odd ` one"]
        let codes = try #require(try tree(try page(manifest)).section("verdict")).descendants("code").map(\.text)
        #expect(codes.suffix(2) == ["a <b>", "c"])
    }

    @Test func whatIsMoreThanAPageIsCounted() throws {
        let html = try page(Samples.many)
        #expect(html.contains("more files, listed in manifest.json."))
        #expect(try page(Samples.many, language: .chinese).contains("个文件，见 manifest.json。"))
    }

    @Test func xmllintReadsIt() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "report-\(UUID().uuidString).html")
        try Data(try ReportPage.html(Samples.hostile, ReportMaterial(diagnosis: Samples.hostileConnections))).write(
            to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let tool = "/usr/bin/xmllint"
        guard FileManager.default.isExecutableFile(atPath: tool) else {
            try Test.cancel("xmllint is not installed")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = ["--html", "--noout", "--nonet", file.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let data = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // xmllint knows HTML 4 only: it calls the elements of HTML 5 invalid, and nothing else may be wrong.
        let complaints = String(decoding: data, as: UTF8.self).split(separator: "\n")
            .filter { $0.contains(" error : ") && !$0.contains("Tag") }
        #expect(complaints == [])
    }
}
