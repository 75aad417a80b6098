import Collect
import SupportBundle

/// Playbook files of a site: read, or refused with the line.
enum PlaybookFuzz: FuzzTarget {
    static var seeds: [[UInt8]] {
        let head = "id: own\nversion: 1\ntitle: Own\nsource: https://wiki.example/own\n"
        return [
            head
                + "symptoms: { signatures: [] }\nmustCollect:\n  private:\n    - { item: node, from: [node], required: true }\n  public: []\n",
            head + "extends: tls-bad-certificate\n",
            "family: f\nplaybooks:\n  - id: a\n    extends: b\n  - id: b\n    extends: a\n",
            head + "symptoms:\n  httpStatus: [503]\n  signatures:\n    - { id: s, title: t, fragments: ['a', 'b'] }\n",
        ].map { Array($0.utf8) }
    }

    static func run(_ input: FuzzInput) {
        guard let catalog = try? PlaybookCatalog(site: [("fuzz.yaml", input.rest())]) else { return }
        let problems = catalog.problems
        promise(problems.allSatisfy { !$0.isEmpty && $0.utf8.count < 1 << 16 }, "a problem is told in a few words")
        promise(catalog["tls-bad-certificate"] != nil, "the program's own playbooks stay")
        for playbook in catalog.playbooks {
            promise(!playbook.id.isEmpty && playbook.mustCollect(.private).count < 1 << 12, "a list is bounded")
        }
    }
}
