import Foundation

/// Logs, configuration and tools of the node's other components: places and names as the diagnostic guides and "Setting
/// the log file location" give them, contents in each product's stock format.
struct ComponentFiles: Sendable {
    let paths: NodePaths
    let secrets: PlantedSecrets
    let clock: LogClock

    private static let logs = "opt/apigee/var/log"
    /// Where the site has moved the logs of its Qpid server.
    static let movedLogs = "data/logs/edge-qpid-server"

    func logs(until now: Date) -> [(path: String, text: String)] {
        let time = clock.prefix(now.addingTimeInterval(-60), .comma)
        let old = clock.prefix(now.addingTimeInterval(-86_400), .comma)
        let (org, env) = (paths.names.org, paths.names.env)
        let manager = "\(Self.logs)/edge-management-server/logs"
        return [
            (
                "\(manager)/transactions.log",
                "\(old)  qtp1-1 INFO REST - transaction of yesterday\n"
                    + "\(time) org:\(org) env:\(env)  qtp2007599722-81 INFO REST - deployed revision\n"
            ),
            (
                "\(manager)/startupruntimeerrors.log",
                "\(old)  main ERROR KERNEL - MicroKernel.deployAll() : life cycle exception\n"
            ),
            ("\(manager)/configurations.log", "\(old)  main INFO KERNEL - configurations\n"),
            (
                "\(Self.logs)/edge-ui/application.log",
                "\(time) - [error] application - login of ops failed: password=\(secrets[.uiPassword])\n"
            ), ("\(Self.logs)/edge-ui/edge-ui.log", "Listening for HTTP on /0:0:0:0:0:0:0:0:9000\n"),
            (
                "\(Self.logs)/edge-router/logs/startupruntimeerror.log",
                "\(time)  main ERROR KERNEL.DEPLOYMENT - ServiceDeployer.startService() : nginx: [emerg] bind()\n"
            ),
            (
                "\(Self.logs)/apigee-zookeeper/zookeeper.log",
                "\(time) [myid:1] - WARN  [NIOWorkerThread-2:NIOServerCnxn@371] - Unable to read additional data\n"
            ),
            (
                "\(Self.logs)/apigee-cassandra/system.log",
                "WARN  [ScheduledTasks:1] \(time) GCInspector.java:282 - ParNew GC in 412ms\n"
            ), ("\(Self.logs)/apigee-qpidd/apigee-qpidd.log", "\(time) [Broker] notice Broker running\n"),
            (
                "\(Self.movedLogs)/logs/system.log",
                "\(time)  pool-3-thread-1 ERROR QPID - Consumer.run() : connection to broker lost\n"
            ),
            (
                "\(Self.logs)/apigee-postgresql/apigee-postgresql.log",
                "\(time) UTC LOG:  statement: ALTER ROLE apigee PASSWORD '\(secrets[.postgresPassword])'\n"
                    + "\(time) UTC FATAL:  no space left on device\n"
            ),
            ("\(Self.logs)/apigee-postgresql/update.log", "pg_resetxlog: could not open file \"global/pg_control\"\n"),
            (
                "var/tmp/edgemicro-\(paths.names.routerHost)-1-api.log",
                "2021-06-23T03:52:24.110Z [error][0:8000][3][\(org)][\(env)][edgemicro_orders/v1][][][m-1][plugins-middleware]"
                    + "[][GET][502][socket hang up][ECONNRESET][]\n"
            ),
        ]
    }

    var configuration: [(path: String, text: String, mode: Int)] {
        let cassandra = "opt/apigee/apigee-cassandra/conf"
        let (org, env) = (paths.names.org, paths.names.env)
        return [
            (
                "\(cassandra)/cassandra.yaml",
                "cluster_name: 'Apigee'\nclient_encryption_options:\n  enabled: true\n  keystore: conf/.keystore\n"
                    + "  keystore_password: \(secrets[.cassandraKeystore])\n", 0o640
            ), ("\(cassandra)/cassandra-env.sh", "MAX_HEAP_SIZE=\"4G\"\n", 0o644),
            ("\(cassandra)/cassandra-rackdc.properties", "dc=dc-1\nrack=ra-1\n", 0o644),
            ("\(cassandra)/jvm-server.options", "-XX:+UseG1GC\n", 0o644),
            ("\(cassandra)/jvm8-server.options", "-XX:+UseParNewGC\n", 0o644),
            // Beside the files that are wanted there are others in these folders.
            ("\(cassandra)/cqlshrc", "[authentication]\nusername = x\n", 0o600),
            (
                "opt/nginx/conf.d/\(org)-\(env)-default-client.pem",
                "-----BEGIN CERTIFICATE-----\nMIIBtrust\n-----END CERTIFICATE-----\n", 0o644
            ), ("opt/nginx/conf.d/\(org)-\(env)-default.key", secrets[.routerKey], 0o600),
            ("opt/nginx/conf.d/other_\(env)_default.conf", "server {}\n", 0o644),
            (
                "home/micro/.edgemicro/\(org)-\(env)-config.yaml",
                "edge_config:\n  bootstrap: https://edgemicroservices.apigee.net/edgemicro/bootstrap\n"
                    + "oauth:\n  client_secret: \(secrets[.microgatewaySecret])\n", 0o644
            ),
        ]
    }

    /// Tools of the components, below the root.
    var tools: [(path: String, text: String)] {
        [
            (
                "opt/apigee/apigee-cassandra/bin/nodetool",
                """
                #!/bin/sh
                case "$1" in
                status) printf 'Datacenter: dc-1\\n--  Address    Load       Tokens  Owns  Host ID  Rack\\nUN  127.0.0.1  1.2 GiB  1  100%%  x  ra-1\\n' ;;
                tpstats) printf 'Message type           Dropped\\nREAD                         4\\n' ;;
                version) echo 'ReleaseVersion: 4.0.18' ;;
                *) echo "nodetool $*" ;;
                esac

                """
            ),
            (
                "opt/apigee/apigee-zookeeper/contrib/zk-tree.sh",
                "#!/bin/sh\necho '/regions/dc-1/pods/gateway/servers'\n"
            ),
            (
                "opt/apigee/etc/edge-qpid-server.d/APIGEE_APP_LOGDIR.sh",
                "APIGEE_APP_LOGDIR=/\(Self.movedLogs)\n"
            ),
        ]
    }

    /// Programs of the system that this machine may lack.
    var systemTools: [(name: String, text: String)] {
        [
            (
                "qpid-stat",
                """
                #!/bin/sh
                [ "$1" = -q ] || exit 2
                echo 'Queues'
                echo '  queue                                    dur  autoDel  excl  msg   msgIn  msgOut'
                echo '  ax-q-axgroup001-consumer-group-001       Y                      0     0      0'

                """
            ),
            (
                "psql",
                """
                #!/bin/sh
                for word; do last=$word; done
                case "$last" in
                *min*fact*) echo ' 2026-10-01 00:00:00 | 2026-11-23 10:00:00' ;;
                *) echo " analytics | $last" ;;
                esac

                """
            ), ("edgemicro", "#!/bin/sh\necho 'current edgemicro version is 3.3.1'\n"),
            (
                "update-alternatives",
                "#!/bin/sh\necho \"$2 - auto mode\"\necho '  link best version is /usr/pgsql-17/bin/psql'\n"
            ),
            ("iptables", "#!/bin/sh\necho 'Chain INPUT (policy ACCEPT)'\n"),
        ]
    }
}
