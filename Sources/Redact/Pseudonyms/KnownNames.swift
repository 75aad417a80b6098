/// Names that tell nothing about a site, and so stay.
enum KnownNames {
    /// Domains of the product, of standards (schema names) and of public certificate authorities.
    private static let domains = words(
        """
        apigee.net apigee.com googleapis.com google.com w3.org xmlsoap.org oasis-open.org ietf.org iana.org apache.org \
        springframework.org oracle.com sun.com java.net openssl.org nginx.org nginx.com mozilla.org curl.se haxx.se \
        openid.net json-schema.org wireshark.org digicert.com letsencrypt.org lencr.org globalsign.com sectigo.com \
        usertrust.com entrust.net verisign.com symantec.com geotrust.com thawte.com godaddy.com amazontrust.com pki.goog
        """)

    private static let hosts = words(
        "localhost localhost4 localhost6 ip6-localhost ip6-loopback localdomain broadcasthost gateway.internal metadata"
    )

    /// Accounts that every installation has.
    private static let users = words(
        """
        root apigee nobody daemon bin sys sync adm lp mail news uucp man proxy www-data nginx apache postgres qpidd \
        zookeeper cassandra ldap openldap mysql redis sshd ntp chrony dbus polkitd messagebus syslog systemd-network \
        systemd-resolve systemd-timesync ec2-user centos ubuntu debian admin administrator anonymous guest system user \
        users username login null none nil unknown undefined true false yes no default self any all everyone public \
        string name password test tomcat java
        """)

    /// Top-level domains that may be shown, and by which a name in running text is known for a host's.
    private static let generic = words(
        """
        com net org edu gov mil info biz cloud internal intranet local lan corp localdomain localnet private domain io \
        dev app arpa bank
        """)

    /// Top-level domains of countries and unions that are no ending of a file and no last word of a variable.
    private static let countries = words(
        """
        at au be br ca ch cl cn co cz de dk ee es eu fi fr gr hk hr hu ie il it jp kr li lt lu lv mx nl no nz pl pt ro ru \
        se sg si sk th tr tw ua uk us za ar ae
        """)

    private static let seconds = words("co com org net gov ac edu or ne go")

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map(String.init)) }

    /// True for `api.enterprise.apigee.com`: a name below a public domain of the kinds above. Lower case.
    static func keeps(host: String, labels: [Substring]) -> Bool {
        if hosts.contains(host) { return true }
        return labels.count >= 2 && domains.contains(labels.suffix(2).joined(separator: "."))
    }

    static func keeps(user: String) -> Bool { users.contains(user) }

    static func isTopLevel(_ label: some StringProtocol) -> Bool {
        generic.contains(String(label)) || countries.contains(String(label))
    }

    /// How many last labels make the domain that someone registered: `acme.com`, `acme.co.uk`.
    static func registeredLabels(_ labels: [Substring]) -> Int {
        guard labels.count >= 3, labels[labels.count - 1].utf8.count == 2,
            seconds.contains(String(labels[labels.count - 2]))
        else { return min(2, labels.count) }
        return 3
    }

    /// Words of a host name that say what it does.
    private static let roles = words(
        """
        mp rmp rt router ms mgmt ui zk cs cass cassandra ds qpid qs pg postgres ps ldap sso api apis app web www db lb \
        proxy gw gateway backend be fe frontend idp auth oauth mail smtp ns dns vm node host srv server edge apigee kafka \
        redis cache portal devportal mtls mgw micro emg svc service client target partner log monitor jump bastion
        """)

    /// The readable part of a pseudonym: the words that a name starts with and that say what the host does.
    static func role(_ label: some StringProtocol) -> String {
        let parts = label.split { !$0.isASCII || !$0.isLetter }
        let known = parts.prefix { roles.contains(String($0)) }.prefix(2)
        return known.isEmpty || label.first?.isLetter != true ? "host" : known.joined(separator: "-")
    }
}
