extension Template {
    /// The redaction rules that are compiled in, by name.
    public static var redactionRules: [Template] {
        [
            Template(path: "redaction/judgement.yaml", bytes: PackageResources.judgement_yaml),
            Template(path: "redaction/names.yaml", bytes: PackageResources.names_yaml),
            Template(path: "redaction/shapes.yaml", bytes: PackageResources.shapes_yaml),
            Template(path: "redaction/tokens.yaml", bytes: PackageResources.tokens_yaml),
        ]
    }
}
