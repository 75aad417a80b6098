/// The data under `templates/`, compiled into the program: playbooks, redaction rules, schemas and report pages.
///
/// A site may override each file by one of the same name under `--templates DIR` or `/etc/apigee-collect/`.
public struct Template: Sendable {
    /// Relative to the templates folder, such as `playbooks/tls-bad-certificate.yaml`.
    public let path: String
    public let bytes: [UInt8]
}
