import CCurl

/// Owns a libcurl string list; must outlive the transfer that uses it.
@safe final class StringList {
    private(set) var head: UnsafeMutablePointer<curl_slist>?

    /// False from here on when memory ran out: an incomplete list must not be used.
    private(set) var isComplete = true

    init(_ strings: [String]) {
        for string in strings {
            guard let next = unsafe curl_slist_append(head, string) else {
                isComplete = false
                return
            }
            unsafe head = next
        }
    }

    deinit { unsafe curl_slist_free_all(head) }
}
