import CCurl

/// libcurl's process-wide set-up, done once before the first handle.
enum CurlLibrary {
    /// False when libcurl could not be started.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Version of the library in use, such as `7.88.1`.
    static let version = unsafe String(cString: ccurl_version())
}
