import CCurl
import Glibc
import Synchronization

/// Asks a running transfer to stop.
final class CancelFlag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .acquiring) }

    func raise() { raised.store(true, ordering: .releasing) }
}

/// What a transfer left behind, whether it went well or not.
struct TransferOutcome: Sendable {
    var code: CURLcode
    /// libcurl's words on a failure.
    var detail = ""
    var cancelled = false
    var refusedAddress = false
    var bodyTooLarge = false
    var headersTooLarge = false
    /// A connection stood, however quickly: times in milliseconds do not tell.
    var wasConnected = false
    var headerBlock: [UInt8] = []
    var body: [UInt8] = []
    var status = 0
    /// Status of a proxy's answer to CONNECT.
    var proxyStatus = 0
    var systemError: CInt = 0
    var primaryIP = ""
    var times = HTTPResponse.Times()
    var redirect: String?
}

/// One libcurl multi handle with the connections it keeps open, and an easy handle for the transfer at hand.
///
/// A lane runs one transfer at a time, on a thread of its own; it owns its handles.
@safe final class TransferLane: @unchecked Sendable {
    // Unchecked: the pool gives a lane to one transfer at a time; only `wake` is called from other threads, which
    // libcurl allows for curl_multi_wakeup.
    private var easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer

    private init(easy: UnsafeMutableRawPointer, multi: UnsafeMutableRawPointer) {
        unsafe self.easy = easy
        unsafe self.multi = multi
    }

    /// Nil when libcurl cannot be started or memory ran out.
    static func make() -> TransferLane? {
        guard CurlLibrary.isReady, let easy = unsafe curl_easy_init() else { return nil }
        guard let multi = unsafe curl_multi_init() else {
            unsafe curl_easy_cleanup(easy)
            return nil
        }
        return unsafe TransferLane(easy: easy, multi: multi)
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_multi_cleanup(multi)
    }

    /// Makes a waiting transfer look at its flag now.
    func wake() { unsafe _ = curl_multi_wakeup(multi) }

    /// Runs one transfer to its end. Blocks: call it on a thread of its own.
    func run(_ plan: TransferPlan, flag: CancelFlag) -> TransferOutcome {
        let sink = TransferSink(maxBytes: plan.maxBytes, thisMachineOnly: plan.thisMachineOnly)
        return withExtendedLifetime(sink) { BrokenPipes.blocked { transfer(plan, sink: sink, flag: flag) } }
    }

    private func transfer(_ plan: TransferPlan, sink: TransferSink, flag: CancelFlag) -> TransferOutcome {
        // A new handle each time: libcurl before 8.2 keeps a pointer to headers of the last answer that are gone, also
        // through curl_easy_reset(), and follows it when an answer begins with a folded line.
        guard let new = unsafe curl_easy_init() else {
            return TransferOutcome(code: CURLE_OUT_OF_MEMORY, detail: text(of: CURLE_OUT_OF_MEMORY))
        }
        unsafe curl_easy_cleanup(easy)
        unsafe easy = new
        defer { unsafe curl_easy_reset(easy) }
        var options = unsafe EasyOptions(easy)
        options.set(sink: sink)
        let source = plan.request.upload.map { UploadSource($0) }
        plan.apply(to: &options, source: source)
        if let refused = options.refused { return TransferOutcome(code: refused, detail: text(of: refused)) }
        return withExtendedLifetime((options.lists, source)) {
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CURL_ERROR_SIZE)) { buffer in
                unsafe buffer.initialize(repeating: 0)
                unsafe _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, buffer.baseAddress)
                var outcome = TransferOutcome(code: drive(flag: flag))
                let told = unsafe buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                outcome.detail = told.isEmpty ? text(of: outcome.code) : String(decoding: told, as: UTF8.self)
                unsafe _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, nil)
                outcome.cancelled = flag.isRaised && outcome.code != CURLE_OK
                read(&outcome, sink: sink)
                return outcome
            }
        }
    }

    /// Drives the transfer until it is over or the flag is raised.
    private func drive(flag: CancelFlag) -> CURLcode {
        guard unsafe curl_multi_add_handle(multi, easy) == CURLM_OK else { return CURLE_FAILED_INIT }
        defer { unsafe _ = curl_multi_remove_handle(multi, easy) }
        var running: CInt = 1
        var result = CURLE_OK
        while !flag.isRaised {
            guard unsafe curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
            if unsafe ccurl_finished(multi, &result) != 0 { return result }
            guard running > 0, unsafe curl_multi_poll(multi, nil, 0, 1000, nil) == CURLM_OK else {
                return CURLE_FAILED_INIT
            }
        }
        return CURLE_ABORTED_BY_CALLBACK
    }

    private func read(_ outcome: inout TransferOutcome, sink: TransferSink) {
        outcome.refusedAddress = sink.refusedAddress
        outcome.bodyTooLarge = sink.bodyTooLarge
        outcome.headersTooLarge = sink.headersTooLarge
        outcome.headerBlock = sink.headerBlock
        // libcurl takes a head that breaks off for the whole of an answer without a body.
        if outcome.code == CURLE_OK, !sink.headersEnded, !sink.headerBlock.isEmpty { outcome.code = CURLE_PARTIAL_FILE }
        outcome.body = sink.body
        outcome.status = number(CURLINFO_RESPONSE_CODE)
        outcome.proxyStatus = number(CURLINFO_HTTP_CONNECTCODE)
        outcome.systemError = CInt(clamping: number(CURLINFO_OS_ERRNO))
        outcome.primaryIP = string(CURLINFO_PRIMARY_IP) ?? ""
        outcome.redirect = string(CURLINFO_REDIRECT_URL)
        outcome.times.nameLookup = milliseconds(CURLINFO_NAMELOOKUP_TIME_T)
        outcome.wasConnected = microseconds(CURLINFO_CONNECT_TIME_T) > 0
        outcome.times.connect = milliseconds(CURLINFO_CONNECT_TIME_T)
        outcome.times.tls = milliseconds(CURLINFO_APPCONNECT_TIME_T)
        outcome.times.firstByte = milliseconds(CURLINFO_STARTTRANSFER_TIME_T)
        outcome.times.total = milliseconds(CURLINFO_TOTAL_TIME_T)
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        return unsafe ccurl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    private func milliseconds(_ info: CURLINFO) -> Int { microseconds(info) / 1000 }

    private func microseconds(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return unsafe ccurl_get_offset(easy, info, &value) == CURLE_OK ? Int(value) : 0
    }

    private func string(_ info: CURLINFO) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard unsafe ccurl_get_string(easy, info, &value) == CURLE_OK, let found = unsafe value else { return nil }
        return unsafe String(cString: found)
    }

    private func text(of code: CURLcode) -> String { unsafe String(cString: curl_easy_strerror(code)) }
}
