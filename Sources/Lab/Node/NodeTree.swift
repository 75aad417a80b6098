import Foundation
import Glibc

/// Writes the files of one node: configuration, tokens, tools and logs.
struct NodeTree: Sendable {
    let paths: NodePaths
    let secrets: PlantedSecrets
    let clock: LogClock
    let logs: NodeLogs
    /// Where programs of the system go that this machine may lack.
    let systemTools: URL

    func write() async throws {
        let components = ComponentFiles(paths: paths, secrets: secrets, clock: clock)
        for file in configuration + components.configuration { try write(file.path, file.text, mode: file.mode) }
        for file in tools + components.tools { try write(file.path, file.text, mode: 0o755) }
        try FileManager.default.createDirectory(
            at: systemTools, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        for tool in components.systemTools {
            let file = systemTools.appendingPathComponent(tool.name)
            try Data(tool.text.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        let now = Date()
        for file in components.logs(until: now) { try write(file.path, file.text, mode: 0o644) }
        try write("\(NodePaths.messageProcessorLogs)/system.log", logs.current(until: now), mode: 0o644)
        for file in logs.plainRotated(before: now) { try write(file.path, file.text, mode: 0o644) }
        for file in logs.compressedRotated(before: now) {
            try write(
                file.path, try await Command.check("gzip", ["-n", "-c"], input: Data(file.text.utf8)), mode: 0o644)
        }
        for file in logs.others(until: now) { try write(file.path, file.text, mode: 0o644) }
        try giveToApigee()
    }

    private func write(_ path: String, _ text: String, mode: Int) throws {
        try write(path, Data(text.utf8), mode: mode)
    }

    private func write(_ path: String, _ data: Data, mode: Int) throws {
        let url = paths.url(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    /// The files of a real node belong to the user `apigee`; only root can give them away, and only if it exists.
    private func giveToApigee() throws {
        guard getuid() == 0, let passwd = unsafe getpwnam("apigee") else { return }
        let (user, group) = unsafe (passwd.pointee.pw_uid, passwd.pointee.pw_gid)
        let folder = paths.url("opt/apigee")
        unsafe chown(folder.path, user, group)
        for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            ?? .init()
        {
            unsafe lchown(file.path, user, group)
        }
    }

    private var configuration: [(path: String, text: String, mode: Int)] {
        let application = "opt/apigee/customer/application"
        let component = "opt/apigee/edge-message-processor/conf"
        return [
            ("\(application)/message-processor.properties", messageProcessorProperties, 0o640),
            ("\(application)/management-server.properties", managementServerProperties, 0o640),
            (
                "\(application)/router.properties",
                "conf_load_balancing_load.balancing.driver.server.header.size=8k\n", 0o640
            ),
            (
                "\(application)/postgres-server.properties",
                "conf_pg_jdbc_url=jdbc:postgresql://127.0.0.1:5432/apigee?user=apigee&password=\(secrets[.jdbcPassword])\n",
                0o640
            ),
            (
                "\(application)/ui.properties",
                "conf_apigee_smtp.host=smtp.\(paths.names.company).example\nconf_apigee_smtp.password=\(secrets[.smtpPassword])\n",
                0o640
            ),
            (
                "opt/apigee/token/application/message-processor.properties",
                "conf_cluster_password=\(secrets[.tokenFilePassword])\nconf_cluster_timeout=3000\n", 0o600
            ),
            ("\(component)/system.properties", "kernel.pod=gateway\nkernel.region=\(paths.names.region)\n", 0o644),
            ("\(component)/logback.properties", "conf_system_log.level=INFO\n", 0o644),
            ("opt/apigee/customer/conf/router-tls.key", secrets[.routerKey], 0o600),
            (
                "opt/silent.conf",
                "ADMIN_EMAIL=admin@\(paths.names.company).example\nAPIGEE_ADMINPW=\(secrets[.adminPassword])\nMP_POD=gateway\n",
                0o600
            ),
            (
                "opt/nginx/conf.d/\(paths.names.org)_\(paths.names.env)_default.conf",
                "server {\n  listen \(paths.routerPort);\n  ssl_certificate /opt/apigee/customer/conf/router-tls.pem;\n  ssl_certificate_key /opt/apigee/customer/conf/router-tls.key;\n}\n",
                0o644
            ), ("etc/hostname", "\(paths.names.routerHost)\n", 0o644),
            ("etc/timezone", "\(clock.zone.identifier)\n", 0o644),
            ("etc/os-release", "ID=rocky\nVERSION_ID=\"9.6\"\nPRETTY_NAME=\"Rocky Linux 9.6\"\n", 0o644),
            (
                "\(paths.messageLoggingPath)/payload.log",
                "{\"customer\":\"x\",\"secret\":\"\(secrets[.payloadSecret])\"}\n", 0o644
            ),
        ]
    }

    private var messageProcessorProperties: String {
        """
        # Overrides of the Message Processor
        bin_setenv_max_mem=1024m
        conf_http_HTTPClient.use.proxy=true
        conf_http_HTTPClient.proxy.url=http://gateway:\(secrets[.proxyPassword])@proxy.\(paths.names.company).example:3128
        conf_cassandra_username=apigee
        conf_cassandra_password=\(secrets[.cassandraPassword])
        conf/security.properties+keystore.password=\(secrets[.keystorePassword])
        conf_message-processor-communication_password.policy.min.length=8

        """
    }

    private var managementServerProperties: String {
        """
        conf_security_ldap.server.admin.dn=cn=manager,dc=apigee,dc=com
        conf_security_ldap.server.admin.password: \(secrets[.ldapPassword])
        conf_jmx_username = monitor
        conf_jmx_password = \(secrets[.jmxPassword])

        """
    }

    private var tools: [(path: String, text: String)] {
        let folder = "opt/apigee/apigee-service/bin"
        return [
            (
                "\(folder)/apigee-service",
                """
                #!/bin/sh
                # apigee-service COMPONENT status
                case "$2" in
                status) echo "+ apigee-service $1 status"; echo "$1: OK (pid 28215)" ;;
                version) echo "$1-4.53.01-0.0.20160" ;;
                *) echo "apigee-service: unknown action" >&2; exit 1 ;;
                esac

                """
            ),
            (
                "\(folder)/apigee-all",
                """
                #!/bin/sh
                for component in edge-router edge-message-processor; do
                  "$(dirname "$0")/apigee-service" "$component" "$1" || exit 1
                done

                """
            ),
            (
                "opt/apigee/etc/edge-message-processor.d/APIGEE_APP_LOGDIR.sh",
                "export APIGEE_APP_LOGDIR=/opt/apigee/var/log/edge-message-processor\n"
            ),
        ]
    }
}
