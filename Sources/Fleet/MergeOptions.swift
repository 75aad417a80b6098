public import Platform
public import SupportBundle

/// What `merge` is told.
public struct MergeOptions: Sendable {
    /// Paths of the nodes' bundles.
    public var bundles: [String] = []
    /// What is known of the nodes besides their bundles.
    public var nodes = NodeList()
    /// File or folder for the case bundle; nil: the current folder.
    public var output: String?
    public var identities: [AgeIdentity] = []
    /// The key under which the nodes made their markers, derived; nil: candidates are not compared with markers.
    public var pseudonymKey: Secret?
    public var caseID: String?
    /// The failing request; nil: the one that the nodes' bundles agree on.
    public var messageID: String?
    public var workParent: String?
    public var level = BundleWriter.defaultLevel
    public var threads = 1
    public var delivery = BundleDelivery()
    public var version = ""
    /// The command line.
    public var arguments: [String] = []

    public init() {}
}
