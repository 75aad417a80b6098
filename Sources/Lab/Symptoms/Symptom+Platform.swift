/// Trace sessions, deployments, analytics and the nodes themselves: no request of a client need fail.
extension Symptom {
    private static func deployment(_ error: String, code: String? = nil) -> String {
        let errorCode = code.map { #""errorCode":"\#($0)","# } ?? ""
        return #"{"environment":"prod","name":"7","server":[{"error":"\#(error)",\#(errorCode)"status":"error","#
            + #""type":["message-processor"],"uUID":"6b2ac1d0-0000-4000-8000-000000000001"}],"state":"error"}"# + "\n"
    }

    private static let configuration =
        "com.apigee.kernel.exceptions.spi.UncheckedException{ code = application.bootstrap.FailedToConfigure, "
        + "message = Configuration failed, associated contexts = []}"

    static let platform: [Symptom] = [
        Symptom(
            "trace-session-not-created",
            body: "Error creating trace session for API proxy orders, revision 7, environment prod.\n"
                + "Failed to create DebugSession 1\n",
            component: .managementServer,
            records: [
                "qtp2007599722-712162 ERROR DISTRIBUTION - DebugSessionAPI.createDebugSession() : createDebugSession : "
                    + "Unable to connect to the server with UUID 6b2ac1d0-0000-4000-8000-000000000001\n"
                    + "org.apache.http.conn.HttpHostConnectException: Connect to 10.0.0.5:8082 failed: Connection refused"
            ]),
        Symptom(
            "deployment-issues", body: "The revision is deployed, but traffic cannot flow.\n"),
        Symptom(
            "deployment-configuration-failed", body: deployment(configuration),
            records: [
                "Apigee-Main-6 ERROR MESSAGING.RUNTIME - AbstractConfigurator.handleUpdate() : Fatal error deploying proxy: {}\n"
                    + configuration
            ]),
        Symptom(
            "deployment-timeout",
            body: deployment("Call timed out; either server is down or server is not reachable"),
            component: .managementServer,
            records: [
                "qtp2007599722-33 ERROR DISTRIBUTION - RemoteServicesDeploymentHandler.deploy() : "
                    + "Call timed out; either server is down or server is not reachable"
            ]),
        Symptom(
            "deployment-fetching-children",
            body: deployment("Error while fetching children for path /x", code: "repository.zookeeper.UnExpectedError"),
            records: ["Apigee-Main-3 ERROR BOOTSTRAP - Error while fetching children for path /organizations/acme"]),
        Symptom(
            "deployment-datastore",
            body: deployment(
                "Error while accessing datastore;Please retry later", code: "datastore.ErrorWhileAccessingDataStore"),
            records: ["Apigee-Main-3 ERROR BOOTSTRAP - Error while accessing datastore;Please retry later"]),
        Symptom(
            "deployment-processing-updates",
            body: deployment(
                "Unexpected error occurred while processing the updates", code: "messaging.runtime.UpdateFailed"),
            records: [
                "Apigee-Main-4 ERROR BOOTSTRAP - RuntimeConfigurationServiceImpl.dispatchToListeners() : "
                    + "Unexpected error occurred while processing the updates"
            ]),
        Symptom(
            "policy-deployment", body: "Error Deploying Revision 7 to prod\nAM-1: invalid value for element Source\n"),
        Symptom(
            "analytics-report-timed-out",
            body: #"{"code":"dataapi.service.PGFoundInMultipleGroups","message":"PG in several groups","contexts":[]}"#),
        Symptom(
            "analytics-reports-timing-out",
            body: "The report timed out\nTry again with a smaller date range or a larger aggregation interval.\n"),
        Symptom("analytics-no-data", body: "No traffic in the selected date range\n"),
        Symptom(
            "analytics-postgres-disk",
            body: "ERROR:  could not extend file \"base/16386/2613\": No space left on device\n"),
        Symptom(
            "analytics-custom-dimensions", body: "Could not get data for path /analytics/groups\n",
            component: .managementServer, records: ["qtp5-5 ERROR REST - Could not get data for path : /regions/dc-1"]),
        Symptom("start-issues", body: "apigee-all: Error: status failed on [edge-router]\nNot running (DEAD)\n"),
        Symptom(
            "zookeeper-connection-loss",
            body: "Error Fetching Deployments Error while checking path existence for path: /organizations\n",
            records: [
                "main ERROR ZOOKEEPER - ZooKeeperServiceImpl.exists() : Could not detect existence of path: /regions , "
                    + "reason: KeeperErrorCode = ConnectionLoss"
            ]),
        Symptom(
            "cassandra-issues", records: ["pool-9-thread-1 ERROR DATASTORE - c.n.a.c.e.PoolTimeoutException: timed out"]
        ),
        Symptom("upgrade-postgresql", body: "ERROR: PostgreSQL Upgrade FAILED\n"),
        Symptom("router-configuration", body: "nginx: [emerg] cannot load certificate key\n"),
        Symptom(
            "openldap", body: "javax.naming.AuthenticationException: [LDAP: error code 49 - Invalid Credentials]\n",
            component: .managementServer,
            records: ["qtp7-8 ERROR SECURITY - javax.naming.CommunicationException: 10.0.0.2:10389"]),
    ]

    /// Playbooks that nothing in a log or an answer gives away: a person names them.
    public static let named = [
        "trace-requests-missing", "analytics-issues", "analytics-custom-variable", "zookeeper-issues",
        "zookeeper-wiring",
        "developer-portal",
    ]
}
