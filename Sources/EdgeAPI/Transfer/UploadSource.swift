import CCurl
import Glibc

/// Hands the bytes of an upload to libcurl; lives on the transfer's thread alone.
final class UploadSource {
    private let upload: HTTPUpload
    private var sent = 0

    init(_ upload: HTTPUpload) { self.upload = upload }

    /// The next bytes; what can't be read ends the transfer.
    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let wanted = min(buffer.count, upload.count - sent)
        guard wanted > 0 else { return 0 }
        while true {
            let got = unsafe pread(upload.descriptor, buffer.baseAddress, wanted, off_t(upload.offset + sent))
            if got < 0, errno == EINTR { continue }
            // A file that became shorter must not be sent as if it were whole.
            guard got > 0 else { return Int(ccurl_read_abort()) }
            sent += got
            upload.progress?(sent)
            return got
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> UploadSource? {
        unsafe context.map { unsafe Unmanaged<UploadSource>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: What libcurl calls

    static let onRead: ccurl_data_function = { data, size, count, context in
        guard let source = unsafe at(context) else { return Int(ccurl_read_abort()) }
        return unsafe source.fill(UnsafeMutableRawBufferPointer(start: data, count: size * count))
    }

    /// A kept connection turned out to be closed. Where nothing was sent yet, the body begins on another one; else
    /// libcurl must not send it a second time by itself: only the sender can ask what has arrived.
    static let onSeek: ccurl_seek_function = { context, offset, origin in
        guard let source = unsafe at(context), origin == SEEK_SET, offset == 0, source.sent == 0 else {
            return CURL_SEEKFUNC_FAIL
        }
        return CURL_SEEKFUNC_OK
    }
}
