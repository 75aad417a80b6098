/// The commands whose options and arguments hold secrets, besides those whose names say so (`--password`).
struct Tool: Sendable {
    /// As written, with a subcommand where the options have a meaning after that only.
    let name: String
    /// Options of one letter that take a secret.
    var letters: [UInt8] = []
    /// Options of one letter that take a user and a password.
    var logins: [UInt8] = []
    /// The secret follows as the next word.
    var isSeparate = true
    /// The secret may follow in the same word, as in `-pSecret`.
    var isJoined = false
    var argument = Inspector.Argument.secret
    /// The secret is the n-th word that is no option.
    var position = 0
    /// Options of several letters whose next word is the secret.
    var options: [String] = []
    /// What the secret follows in one word, as in `/p:secret`.
    var leads: [String] = []

    /// It is a command only at the start of a line or behind the prompt of SQL*Plus.
    var isPrompted = false

    var isCurl: Bool { name == "curl" }

    static let all: [Tool] =
        [Tool(name: "curl"), Tool(name: "sqlplus", argument: .slashPassword, position: 1)]
        + ["CONNECT", "connect"].map { Tool(name: $0, argument: .slashPassword, position: 1, isPrompted: true) }
        + ["ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapcompare", "ldapwhoami"].map {
            Tool(name: $0, letters: Array("w".utf8), isJoined: true)
        }
        + [
            Tool(name: "ldappasswd", letters: Array("wsa".utf8), isJoined: true),
            Tool(name: "sshpass", letters: Array("p".utf8), isJoined: true),
            Tool(name: "redis-cli", letters: Array("a".utf8)), Tool(name: "ssh-keygen", letters: Array("NP".utf8)),
            Tool(name: "openssl enc", letters: Array("kK".utf8)),
            Tool(name: "smbclient", letters: Array("U".utf8), argument: .percentPassword),
            Tool(name: "http -a", argument: .userPassword, position: 1),
            Tool(name: "from-literal", argument: .assigned, position: 1),
            Tool(name: "zip", letters: Array("P".utf8)), Tool(name: "unzip", letters: Array("P".utf8)),
            Tool(name: "credentials", argument: .spokenLogin, position: 1),
            Tool(name: "login as", argument: .spokenLogin, position: 1),
            Tool(name: "rabbitmqctl add_user", position: 2), Tool(name: "rabbitmqctl change_password", position: 2),
            Tool(name: "snmp-server community", position: 1), Tool(name: "net user", position: 2),
            Tool(name: "change-ldap-password", letters: Array("on".utf8)),
            Tool(name: "change_sysadmin_password", letters: Array("on".utf8)),
            Tool(name: "change_apigee_password", position: 1),
            Tool(name: "enable_cassandra_authentication", letters: Array("p".utf8)),
            Tool(name: "edge-ui configure", letters: Array("p".utf8)),
            Tool(name: "apigee-provision", letters: Array("p".utf8)),
            Tool(name: "edgemicro", letters: Array("ksp".utf8)),
            Tool(name: "apigeetool", letters: Array("p".utf8), logins: Array("u".utf8)),
            Tool(name: "acurl", letters: Array("p".utf8), logins: Array("u".utf8)),
            Tool(name: "get_token", letters: Array("p".utf8), logins: Array("u".utf8)),
            Tool(name: "addauth digest", argument: .userPassword, position: 1),
            Tool(name: "slappasswd", letters: Array("s".utf8)),
            Tool(name: "user =", argument: .userPassword, position: 1),
            Tool(name: "proxy-user =", argument: .userPassword, position: 1),
        ]
        + ["b", "bc", "bB", "bm", "bcB", "bcm", "bn", "bnB", "bnm"].flatMap { letters in
            // In any order; with `-n` no file is named.
            orders(Array(letters)).map {
                Tool(name: "htpasswd -" + String($0), position: letters.contains("n") ? 2 : 3)
            }
        }
        + ["expdp", "impdp", "sqlldr", "rman target"].map { Tool(name: $0, argument: .slashPassword, position: 1) }
        + ["qpid-config", "qpid-stat", "qpid-tool", "qpid-route", "qpid-queue-stats", "qpid-printevents"].map {
            Tool(name: $0, letters: Array("ab".utf8), argument: .slashPassword)
        }
        + ["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "7z", "7za"].map {
            Tool(name: $0, letters: Array("p".utf8), isSeparate: false, isJoined: true)
        }
        + [
            "docker login", "podman login", "buildah login", "skopeo login", "registry login", "oc login", "az login",
            "cqlsh", "beeline", "mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "rdesktop",
            "login --service-principal",
        ].map { Tool(name: $0, letters: Array("p".utf8)) }
        + [
            Tool(name: "AUTH", argument: .login, position: 1), Tool(name: "LOGIN", argument: .login, position: 1),
            Tool(name: "ACL SETUSER", leads: [">", "<"]),
            Tool(name: "acl setuser", leads: [">", "<"]), Tool(name: "net use", argument: .share, position: 1),
            Tool(name: "xfreerdp", leads: ["/p:", "/gp:", "/pth:"]), Tool(name: "wfreerdp", leads: ["/p:", "/gp:"]),
            Tool(name: "cmdkey", leads: ["/pass:", "/p:"]), Tool(name: "wmic", leads: ["/password:"]),
            Tool(name: "schtasks", options: ["/p", "/rp"]), Tool(name: "psexec", letters: Array("p".utf8)),
            Tool(name: "ktpass", options: ["/pass", "-pass"]), Tool(name: "put-parameter", options: ["--value"]),
            Tool(name: "keyvault secret set", options: ["--value"]), Tool(name: "wpa_passphrase", position: 2),
            Tool(name: "consul kv put", argument: .named, position: 2),
            Tool(name: "etcdctl put", argument: .named, position: 2), Tool(name: "keytool", options: ["-new"]),
            Tool(name: "twine upload", letters: Array("p".utf8)),
            Tool(name: "mosquitto_pub", letters: Array("P".utf8)),
            Tool(name: "mosquitto_sub", letters: Array("P".utf8)),
            Tool(name: "etcdctl --user", argument: .userPassword, position: 1),
            Tool(name: "lftp", letters: Array("u".utf8), argument: .commaPassword),
        ]
        + ["plink", "pscp", "psftp"].map { Tool(name: $0, options: ["-pw"]) }
        + ["isql", "osql", "tsql"].map { Tool(name: $0, letters: Array("P".utf8), isJoined: true) }
        + ["sqlcmd", "ipmitool", "bcp"].map { Tool(name: $0, letters: Array("P".utf8)) }
        + ["snmpwalk", "snmpget", "snmpset", "snmpbulkwalk", "snmptable"].map {
            Tool(name: $0, letters: Array("cAX".utf8))
        }

    private static func orders(_ letters: [Character]) -> [[Character]] {
        guard letters.count > 1 else { return [letters] }
        return letters.indices.flatMap { index -> [[Character]] in
            var rest = letters
            let first = rest.remove(at: index)
            return orders(rest).map { [first] + $0 }
        }
    }

    /// The tool whose name stands from `start` to `end`.
    static func named(in window: Window, _ start: Int, _ end: Int) -> Tool? {
        all.first { tool in
            tool.name.utf8.count == end - start
                && tool.name.utf8.enumerated().allSatisfy { window[start + $0.offset] == $0.element }
        }
    }
}
