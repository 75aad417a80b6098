/// The data under `templates/`, compiled into the program: playbooks, redaction rules, schemas and report pages.
///
/// A site may override each file by one of the same name under `--templates DIR` or `/etc/apigee-collect/`.
public struct Template: Sendable {
    /// Relative to the templates folder, such as `playbooks/tls-bad-certificate.yaml`.
    public let path: String
    public let bytes: [UInt8]
}

extension Template {
    /// The playbooks that come with the program; each file is valid by `playbookSchema`.
    public static var playbooks: [Template] {
        [
            Template(path: "playbooks/analytics.yaml", bytes: PackageResources.analytics_yaml),
            Template(path: "playbooks/deployment.yaml", bytes: PackageResources.deployment_yaml),
            Template(path: "playbooks/messages.yaml", bytes: PackageResources.messages_yaml),
            Template(path: "playbooks/microgateway.yaml", bytes: PackageResources.microgateway_yaml),
            Template(path: "playbooks/platform.yaml", bytes: PackageResources.platform_yaml),
            Template(path: "playbooks/policies.yaml", bytes: PackageResources.policies_yaml),
            Template(path: "playbooks/runtime-issues.yaml", bytes: PackageResources.runtime_issues_yaml),
            Template(path: "playbooks/target.yaml", bytes: PackageResources.target_yaml),
            Template(path: "playbooks/tls-bad-certificate.yaml", bytes: PackageResources.tls_bad_certificate_yaml),
            Template(path: "playbooks/tls.yaml", bytes: PackageResources.tls_yaml),
            Template(path: "playbooks/trace.yaml", bytes: PackageResources.trace_yaml),
        ]
    }

    /// The collectors that playbooks may name.
    public static var collectors: Template {
        Template(path: "collectors/collectors.yaml", bytes: PackageResources.collectors_yaml)
    }

    /// The JSON Schema (2020-12) of playbook files.
    public static let playbookSchema = Template(
        path: "bundle/playbook.schema.json", bytes: PackageResources.playbook_schema_json)

    /// The JSON Schema (2020-12) of `manifest.json`, schema number 1.
    public static let manifestSchema = Template(
        path: "bundle/manifest.schema.json", bytes: PackageResources.manifest_schema_json)

    /// The page `report.html` with its holes.
    public static let reportPage = Template(path: "report/report.html", bytes: PackageResources.report_html)

    /// What the page takes in by `{{>name}}`.
    public static var reportParts: [Template] {
        [
            Template(path: "report/style.css", bytes: PackageResources.style_css),
            Template(path: "report/evidence.html", bytes: PackageResources.evidence_html),
            Template(path: "report/instruction.html", bytes: PackageResources.instruction_html),
            Template(path: "report/ladder.html", bytes: PackageResources.ladder_html),
            Template(path: "report/handshake.html", bytes: PackageResources.handshake_html),
            Template(path: "report/certificates.html", bytes: PackageResources.certificates_html),
            Template(path: "report/timeline.html", bytes: PackageResources.timeline_html),
            Template(path: "report/trace.html", bytes: PackageResources.trace_html),
            Template(path: "report/lists.html", bytes: PackageResources.lists_html),
        ]
    }

    /// The texts of pages and summaries.
    public static let reportEnglish = Template(path: "report/lang/en.yaml", bytes: PackageResources.en_yaml)
    public static let reportChinese = Template(path: "report/lang/zh-CN.yaml", bytes: PackageResources.zh_CN_yaml)

    /// The file's name without its ending: how pages name their parts.
    public var name: String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.prefix { $0 != "." })
    }
}
