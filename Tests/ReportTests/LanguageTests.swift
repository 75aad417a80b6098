import Diagnose
import Documents
import Foundation
import Report
import SupportBundle
import Templates
import Testing

/// Both languages say the same things, and nothing that the program writes is left untranslated.
@Suite struct LanguageTests {
    private func map(_ template: Template, _ name: String) throws -> [String: String] {
        let root = try YAMLNode(parsing: template.bytes, name: template.path)
        let pairs = try #require(root[name]?.mapping)
        return Dictionary(pairs.map { ($0.key.scalar ?? "", $0.value.scalar ?? "") }) { first, _ in first }
    }

    private func holes(_ text: String) -> [String] {
        text.matches(of: /\{[A-Za-z0-9]+\}/).map { String($0.output) }.sorted()
    }

    @Test(arguments: ["page", "sentences"])
    func bothLanguagesHaveTheSameKeysAndHoles(part: String) throws {
        let english = try map(Template.reportEnglish, part)
        let chinese = try map(Template.reportChinese, part)
        #expect(Set(english.keys) == Set(chinese.keys))
        #expect(english.count > 300)
        for (key, text) in english {
            #expect(holes(text) == holes(chinese[key] ?? ""), "\(key)")
            #expect(!text.isEmpty && chinese[key]?.isEmpty == false, "\(key)")
        }
    }

    @Test func everyKeyOfTheTemplatesIsThere() throws {
        let keys = Set(try map(Template.reportEnglish, "page").keys)
        for template in Template.reportParts + [Template.reportPage] {
            let text = String(decoding: template.bytes, as: UTF8.self)
            for match in text.matches(of: /\{\{t\.([^}]+)\}\}/) {
                #expect(keys.contains(String(match.output.1)), "\(template.path): \(match.output.1)")
            }
        }
    }

    @Test func everyKeyOfTheSourcesIsThere() throws {
        let keys = Set(try map(Template.reportEnglish, "page").keys)
        var found = 0
        for file in try sources("Sources/Report") {
            for match in file.text.matches(of: /texts\(\s*"([A-Za-z0-9]+)"/) {
                found += 1
                #expect(keys.contains(String(match.output.1)), "\(file.name): \(match.output.1)")
            }
            for match in file.text.matches(of: /texts\.count\([^"\n]*"([A-Za-z0-9]+)"\)/) {
                found += 1
                #expect(
                    keys.contains(match.output.1 + "One") && keys.contains(match.output.1 + "Other"),
                    "\(match.output.1)")
            }
        }
        #expect(found > 100)
    }

    /// Sentences that end up in verdicts, as the sources spell them: with something in place of what is put in.
    @Test func everySentenceOfTheDiagnosisIsTranslated() throws {
        let translated = try shownInChinese(
            try sources("Sources/Diagnose/Verdicts").flatMap { Literals.sentences(in: $0.text) })
        #expect(translated.all > 150)
        #expect(translated.left == [])
    }

    @Test func whatPlaybooksSayIsTranslated() throws {
        var titles: [String] = []
        for template in Template.playbooks {
            let root = try YAMLNode(parsing: template.bytes, name: template.path)
            for playbook in root["playbooks"]?.sequence ?? [root] {
                titles += [playbook["title"]?.scalar].compactMap(\.self)
                for cause in playbook["causes"]?.sequence ?? [] {
                    titles += [cause["title"]?.scalar].compactMap(\.self)
                    titles += (cause["resolution"]?.sequence ?? []).compactMap(\.scalar)
                }
                for list in [playbook["steps"], playbook["symptoms"]?["signatures"]] {
                    titles += (list?.sequence ?? []).compactMap { $0["title"]?.scalar }
                }
            }
        }
        let translated = try shownInChinese(titles)
        #expect(translated.all > 350)
        #expect(translated.left == [])
    }

    @Test func theLanguageIsThatOfTheLocale() {
        func preferred(_ values: [String: String]) -> Language { Language.preferred { values[$0] } }
        #expect(preferred([:]) == .english)
        #expect(preferred(["LANG": "zh_CN.UTF-8"]) == .chinese)
        #expect(preferred(["LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"]) == .english)
        #expect(preferred(["LANG": "zh_CN.UTF-8", "LC_ALL": ""]) == .chinese)
        #expect(preferred(["LANG": "de_DE.UTF-8"]) == .english)
        #expect(Language(name: "zh-TW") == nil)
        #expect(Language(name: "zh-Hans") == .chinese)
        #expect(Language(name: "fr") == nil)
    }

    @Test func aVerdictIsShownInChinese() throws {
        var manifest = Samples.complete
        manifest.diagnosis = [
            Verdict(
                playbook: "tls-bad-certificate", cause: "issuer-not-accepted",
                title: "The backend does not accept the issuer of the client certificate", confidence: .likely,
                summary:
                    "The alias client of keystore store has a certificate and a private key and the backend accepts CN=x, O=y, yet no certificate was sent.",
                evidence: [
                    .init(item: .trace, path: "items/trace/t.xml", location: "line 12", text: "no SSLInfo")
                ])
        ]
        let html = String(decoding: try ReportPage.html(manifest, language: .chinese), as: UTF8.self)
        #expect(html.contains("后端不接受客户端证书的颁发者"))
        #expect(html.contains("密钥库 store 的别名 client 有证书和私钥，并且后端接受 CN=x, O=y，但没有发送证书。"))
        #expect(html.contains("第 12 行"))
        manifest.playbook.why =
            "the log shows that no target server of the load balancer is in use, the HTTP status is 503; that fits a as well, so what they ask for is collected too"
        let why = String(decoding: try ReportPage.html(manifest, language: .chinese), as: UTF8.self)
        #expect(why.contains("日志显示：负载均衡器没有可用的目标服务器，HTTP 状态为 503；也符合 a，因此一并收集它们所要求的内容"))
        #expect(html.contains("<html lang=\"zh-CN\">"))
        let start = StartHere.text(manifest, language: .chinese)
        #expect(start.contains("结论 (很可能)") && start.contains("后端不接受客户端证书的颁发者"))
    }

    @Test(arguments: Samples.Name.allCases, [40, 80])
    func theChineseSummaryFits(sample: Samples.Name, width: Int) {
        let lines = TerminalSummary.lines(
            sample.manifest, bundlePath: "/home/ops/b.tar.gz", color: false, width: width, language: .chinese)
        #expect(lines.count <= 24)
        for line in lines where !line.contains("/") && !line.contains("apigee-collect") {
            #expect(TerminalText.columns(line) <= width, "\(line)")
        }
        let page = StartHere.text(sample.manifest, language: .chinese).split(separator: "\n")
        #expect(page.count <= 40 && page.allSatisfy { TerminalText.columns(String($0)) <= 100 })
    }

    // MARK: Helpers

    private func sources(_ folder: String) throws -> [(name: String, text: String)] {
        let base = Files.root.appending(path: folder)
        let files = try #require(FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil))
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }

    /// Puts the sentences on a page, and tells which of them stay as they are.
    private func shownInChinese(_ sentences: [String]) throws -> (all: Int, left: [String]) {
        let all = Set(sentences).sorted()
        var left: [String] = []
        // As many at a time as a page shows.
        for start in stride(from: 0, to: all.count, by: 40) {
            let some = all[start..<min(all.count, start + 40)]
            var manifest = Samples.bare
            manifest.tried = some.map { Manifest.TriedStep(step: "s", title: $0) }
            let html = String(decoding: try ReportPage.html(manifest, language: .chinese), as: UTF8.self)
            let shown = try #require(try tree(html).section("tried")).descendants("strong").map(\.text)
            #expect(shown.count == some.count)
            for (sentence, text) in zip(some, shown) where text.unicodeScalars.allSatisfy({ $0.value < 0x3000 }) {
                left.append(sentence)
            }
        }
        return (all.count, left)
    }
}
