import ArgumentParser

/// What to collect.
struct WhatArguments: ParsableArguments {
    @Option(help: "private or public cloud (default: private where /opt/apigee exists, else public).")
    var mode: String?

    @Option(help: ArgumentHelp("Organization.", valueName: "org"))
    var org: String?

    @Option(help: ArgumentHelp("Environment.", valueName: "env"))
    var env: String?

    @Option(help: ArgumentHelp("API proxy.", valueName: "api"))
    var api: String?

    @Option(help: ArgumentHelp("Revision of the API proxy.", valueName: "n"))
    var revision: String?

    @Option(name: .customLong("message-id"), help: ArgumentHelp("Message id of the failing request.", valueName: "id"))
    var messageID: String?

    @Option(help: ArgumentHelp("Backend; may be given again.", valueName: "host[:port]"))
    var host: [String] = []

    @Option(help: ArgumentHelp("Start: ISO 8601, '2026-11-23 10:00', or 90m, 2h, 3d ago.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("End, as --since.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("A step of the playbook that you have tried; may be given again.", valueName: "step"))
    var tried: [String] = []

    @Option(help: ArgumentHelp("A note for support; may be given again.", valueName: "text"))
    var note: [String] = []

    @Option(name: .customLong("case"), help: ArgumentHelp("Number of the support case.", valueName: "id"))
    var caseID: String?

    @Option(
        help: ArgumentHelp("Collect this besides the playbook's list; may be given again.", valueName: "item"))
    var also: [String] = []
}

/// Items that are taken from files instead of being collected.
struct FileArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The error response or message.", valueName: "file"))
    var error: [String] = []

    @Option(help: ArgumentHelp("A trace session downloaded from the UI (XML or JSON).", valueName: "file"))
    var trace: [String] = []

    @Option(name: .customLong("api-proxy"), help: ArgumentHelp("An API proxy bundle (zip).", valueName: "file"))
    var apiProxy: [String] = []

    @Option(help: ArgumentHelp("A packet capture (pcap or pcapng).", valueName: "file"))
    var pcap: [String] = []

    @Option(help: ArgumentHelp("A system.log, also .gz.", valueName: "file"))
    var log: [String] = []
}

/// How the failure is caught.
struct ReproduceArguments: ParsableArguments {
    @Option(
        name: .customLong("curl-file"),
        help: ArgumentHelp("The complete curl command ('-': standard input).", valueName: "file|-"))
    var curlFile: String?

    @Option(help: ArgumentHelp("The curl command itself; refused when it holds a credential.", valueName: "command"))
    var curl: String?

    @Flag(help: "Send the request of --curl-file once, while tracing and capturing.")
    var reproduce = false

    @Flag(name: .customLong("reproduce-unsafe"), help: "Send it also when it is no GET, HEAD or OPTIONS.")
    var reproduceUnsafe = false

    @Option(
        name: .customLong("trace-session"),
        help: ArgumentHelp("Trace real traffic until a request fails.", valueName: "seconds"))
    var traceSession: Seconds?

    @Option(
        help: ArgumentHelp(
            "Capture that long or until the first failing handshake (default 60; 0: no capture).", valueName: "seconds")
    )
    var capture: Seconds?

    @Flag(name: .customLong("no-probe"), help: "Do not open a TLS connection to the backend.")
    var noProbe = false

    @Flag(
        name: .customLong("threads-by-signal"),
        help: "Thread dumps by SIGQUIT, which Java writes into its console log, not by jstack.")
    var threadsBySignal = false

    @Flag(help: "Count the objects on the heap too, which holds the Message Processor up for a while.")
    var heap = false

    @Option(
        name: .customLong("component-port"),
        help: ArgumentHelp(
            "A component's port where it is not the documented one, such as 8082=18082; may be given again.",
            valueName: "port=port"))
    var componentPort: [String] = []
}

/// The management API and who logs in.
struct EdgeArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Base address of the management API.", valueName: "url"))
    var mgmt: String?

    @Option(help: ArgumentHelp("User of the management API; the password is asked for.", valueName: "name"))
    var user: String?

    @Flag(name: .customLong("password-stdin"), help: "Read the password from the first line of standard input.")
    var passwordStdin = false

    @Option(name: .customLong("password-file"), help: ArgumentHelp("Read the password from a file.", valueName: "file"))
    var passwordFile: String?

    @Option(
        name: .customLong("token-file"),
        help: ArgumentHelp("Read an OAuth access token from a file (also: APIGEE_TOKEN).", valueName: "file"))
    var tokenFile: String?

    @Option(
        name: .customLong("login-url"),
        help: ArgumentHelp(
            "Log in at this server for a token: https://ZONE.login.apigee.com (public cloud's default: its own).",
            valueName: "url"))
    var loginURL: String?

    @Flag(
        name: .customLong("mfa-stdin"),
        help: "Log in for a token with a code of the second factor, the next line of standard input.")
    var mfaStdin = false

    @Flag(
        name: .customLong("passcode-stdin"),
        help: "Log in for a token with a one-time passcode, the next line of standard input.")
    var passcodeStdin = false

    @Option(help: ArgumentHelp("CA certificates for the management API.", valueName: "file"))
    var cacert: String?

    @Option(
        name: .customLong("client-cert"),
        help: ArgumentHelp("Client certificate for the management API.", valueName: "file"))
    var clientCert: String?

    @Option(name: .customLong("client-key"), help: ArgumentHelp("Its private key.", valueName: "file"))
    var clientKey: String?

    @Option(name: .customLong("http-proxy"), help: ArgumentHelp("HTTP proxy (no user info).", valueName: "url"))
    var httpProxy: String?

    @Flag(name: .customLong("allow-http"), help: "Send credentials over plain http to a management server elsewhere.")
    var allowHTTP = false

    // Words that people try; each is answered with what to use instead.
    @Option(name: .customLong("proxy"), help: .hidden) var bareProxy: String?
    @Option(name: .customLong("password"), help: .hidden) var password: String?
    @Option(name: .customLong("token"), help: .hidden) var token: String?
    @Option(name: .customLong("mfa"), help: .hidden) var mfa: String?
    @Option(name: .customLong("passcode"), help: .hidden) var passcode: String?
}

/// Where the bundle goes and what limits hold.
struct OutputArguments: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("File or folder for the bundle (default: this folder).", valueName: "path"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "How much is removed: secrets, or strict (addresses, names, bodies too).", valueName: "level"))
    var redaction = "secrets"

    @Option(help: ArgumentHelp("More redaction rules (YAML).", valueName: "file"))
    var rules: [String] = []

    @OptionGroup var pseudonyms: PseudonymArguments

    @Option(
        help: ArgumentHelp(
            "Encrypt to this age or ssh-ed25519 key, or to those of a file; may be given again.",
            valueName: "recipient"))
    var encrypt: [String] = []

    @Flag(name: .customLong("keep-plain"), help: "Keep the plain bundle beside the encrypted one.")
    var keepPlain = false

    @Option(help: ArgumentHelp("Sign with this unencrypted Ed25519 SSH key (writes NAME.sig).", valueName: "key-file"))
    var sign: String?

    @Option(help: ArgumentHelp("Write numbered parts of at most this size.", valueName: "size"))
    var split: ByteSize?

    @Option(
        name: .customLong("max-size"),
        help: ArgumentHelp("Largest size of the bundle; what matters least is left out.", valueName: "size"))
    var maxSize: ByteSize?

    @Option(help: ArgumentHelp("gzip level, 1 (fast) to 12 (small).", valueName: "n"))
    var level = 6

    @Option(help: ArgumentHelp("Threads that pack (default: half of the cores).", valueName: "n"))
    var threads: Int?

    @Option(
        name: .customLong("time-limit"), help: ArgumentHelp("Time for the whole run (default 10m).", valueName: "time"))
    var timeLimit: Seconds?

    @Option(
        name: .customLong("max-item-size"),
        help: ArgumentHelp("Largest size of an item before redaction.", valueName: "size"))
    var maxItemSize: ByteSize?

    @Option(help: ArgumentHelp("Treat this folder as /.", valueName: "dir"))
    var root = "/"

    @Option(
        name: .customLong("work-dir"),
        help: ArgumentHelp("Folder for the work in progress (default: TMPDIR or /var/tmp).", valueName: "dir"))
    var workDir: String?

    @Option(help: ArgumentHelp("Folder with own playbooks and rules.", valueName: "dir"))
    var templates: String?

    @Flag(name: .customLong("dry-run"), help: "Print the plan and touch nothing.")
    var dryRun = false

    @Flag(help: "Answer yes to what would be asked, but never to sending an unsafe request.")
    var yes = false

    @Flag(help: "Print the result as JSON.")
    var json = false
}
