extension Template {
    /// The redaction rules that are compiled in, by name.
    public static var redactionRules: [Template] {
        [
            Template(path: "redaction/hashes.yaml", bytes: PackageResources.hashes_yaml),
            Template(path: "redaction/judgement.yaml", bytes: PackageResources.judgement_yaml),
            Template(path: "redaction/names.yaml", bytes: PackageResources.names_yaml),
            Template(path: "redaction/shapes.yaml", bytes: PackageResources.shapes_yaml),
            Template(path: "redaction/tokens-cloud.yaml", bytes: PackageResources.tokens_cloud_yaml),
            Template(path: "redaction/tokens-code.yaml", bytes: PackageResources.tokens_code_yaml),
            Template(path: "redaction/tokens-services.yaml", bytes: PackageResources.tokens_services_yaml),
        ]
    }
}
