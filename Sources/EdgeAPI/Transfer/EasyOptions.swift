import CCurl
import Platform

/// Sets options of one easy handle and remembers the first that libcurl refused: a transfer with a missing option must
/// not start.
@safe struct EasyOptions {
    private let easy: UnsafeMutableRawPointer
    private(set) var refused: CURLcode?
    /// Lists that libcurl only borrows.
    private(set) var lists: [StringList] = []

    init(_ easy: UnsafeMutableRawPointer) { unsafe self.easy = easy }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = code }
    }

    mutating func set(_ option: CURLoption, _ value: Int) { note(unsafe ccurl_set_long(easy, option, value)) }

    mutating func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }

    mutating func set(_ option: CURLoption, _ value: String) {
        guard !value.utf8.contains(0) else { return note(CURLE_BAD_FUNCTION_ARGUMENT) }
        note(unsafe ccurl_set_string(easy, option, value))
    }

    mutating func clear(_ option: CURLoption) { note(unsafe ccurl_set_string(easy, option, nil)) }

    mutating func set(_ option: CURLoption, _ secret: Secret) {
        note(
            secret.withBytes { bytes in
                guard !bytes.contains(0) else { return CURLE_BAD_FUNCTION_ARGUMENT }
                return unsafe (bytes + [0]).withUnsafeBytes { buffer in
                    unsafe ccurl_set_string(easy, option, buffer.bindMemory(to: CChar.self).baseAddress)
                }
            })
    }

    mutating func set(_ option: CURLoption, _ strings: [String]) {
        guard !strings.isEmpty else { return }
        guard !strings.contains(where: { $0.utf8.contains(0) }) else { return note(CURLE_BAD_FUNCTION_ARGUMENT) }
        let list = StringList(strings)
        guard list.isComplete else { return note(CURLE_OUT_OF_MEMORY) }
        lists.append(list)
        note(unsafe ccurl_set_list(easy, option, list.head))
    }

    /// Sets the body; libcurl keeps a copy.
    mutating func set(body: [UInt8]) {
        note(unsafe ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        note(
            unsafe (body + [0]).withUnsafeBytes { buffer in
                unsafe ccurl_set_string(
                    easy, CURLOPT_COPYPOSTFIELDS, buffer.bindMemory(to: CChar.self).baseAddress)
            })
    }

    /// Sends a body of `count` bytes out of `source`, which must outlive the transfer.
    mutating func set(source: UploadSource, count: Int, rate: Int?) {
        let context = unsafe Unmanaged.passUnretained(source).toOpaque()
        note(unsafe ccurl_set_data_function(easy, CURLOPT_READFUNCTION, UploadSource.onRead))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_READDATA, context))
        note(unsafe ccurl_set_seek_function(easy, CURLOPT_SEEKFUNCTION, UploadSource.onSeek))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_SEEKDATA, context))
        note(unsafe ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(count)))
        if let rate { note(unsafe ccurl_set_offset(easy, CURLOPT_MAX_SEND_SPEED_LARGE, curl_off_t(rate))) }
    }

    /// Sends headers, body and socket requests to `sink`, which must outlive the transfer.
    mutating func set(sink: TransferSink) {
        let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
        note(unsafe ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION, TransferSink.onHeader))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        note(unsafe ccurl_set_data_function(easy, CURLOPT_WRITEFUNCTION, TransferSink.onBody))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        note(unsafe ccurl_set_socket_function(easy, CURLOPT_OPENSOCKETFUNCTION, TransferSink.onSocket))
        note(unsafe ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context))
    }

    /// Http and https alone.
    mutating func setWebProtocolsOnly() {
        note(unsafe ccurl_set_web_protocols_only(easy))
        unsafe ccurl_set_quick_exit(easy)
    }
}
