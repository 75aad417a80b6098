/// An environment of an organization: the place of keystores, references, target servers and virtual hosts.
public struct EnvironmentScope: Sendable, Hashable {
    public var org: String
    public var env: String

    public init(org: String, env: String) {
        self.org = org
        self.env = env
    }

    var segments: [String] { ["organizations", org, "environments", env] }
}
