internal import Glibc

/// Bytes that must not be shown: they have no description, no mirror, no encoding, and are wiped when they go.
///
/// Secrets live in memory only; hand them to a C library or a redactor with ``withBytes(_:)`` and keep no copy.
public struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    private final class Storage: Sendable {
        let bytes: UnsafeMutableBufferPointerBox
        init(_ bytes: [UInt8]) { self.bytes = UnsafeMutableBufferPointerBox(copying: bytes) }
    }

    private let storage: Storage

    public init(_ bytes: [UInt8]) { storage = Storage(bytes) }

    public init(_ text: String) { self.init(Array(text.utf8)) }

    public var isEmpty: Bool { storage.bytes.count == 0 }

    /// Calls `body` with a copy of the bytes.
    public func withBytes<R>(_ body: ([UInt8]) throws -> R) rethrows -> R { try body(storage.bytes.copy()) }

    public var description: String { "<secret>" }

    public var customMirror: Mirror { Mirror(reflecting: "<secret>") }
}

/// Memory that is wiped when it is freed.
@safe final class UnsafeMutableBufferPointerBox: @unchecked Sendable {
    // Unchecked: written once in init, only read afterwards, wiped in deinit when no one else holds it.
    private let buffer: UnsafeMutableRawBufferPointer

    init(copying bytes: [UInt8]) {
        unsafe buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        unsafe buffer.copyBytes(from: bytes)
    }

    var count: Int { unsafe buffer.count }

    func copy() -> [UInt8] { unsafe Array(buffer) }

    deinit {
        if let base = unsafe buffer.baseAddress { unsafe explicit_bzero(base, buffer.count) }
        unsafe buffer.deallocate()
    }
}
