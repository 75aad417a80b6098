/// Bytes that lie elsewhere, read in place: what makes following a capture fast is that most of its bytes are never
/// copied.
///
/// A view is handed down only, while the owner of the bytes keeps them alive; it must not be stored beyond that. All
/// reads are checked against its end, and numbers are in network order.
@safe public struct ByteView {
    @usableFromInline let start: UnsafeRawPointer?
    public let count: Int

    @inlinable
    public init(_ bytes: UnsafeRawBufferPointer) {
        unsafe start = bytes.baseAddress
        count = bytes.count
    }

    @inlinable
    init(start: UnsafeRawPointer?, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    @inlinable
    public var isEmpty: Bool { count == 0 }

    @inlinable
    public subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < count)
        return unsafe start.unsafelyUnwrapped.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inlinable
    public func uint16(at offset: Int) -> UInt16 {
        precondition(offset >= 0 && offset <= count - 2)
        return unsafe UInt16(bigEndian: start.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inlinable
    public func uint32(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset <= count - 4)
        return unsafe UInt32(bigEndian: start.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inlinable
    public func uint64(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset <= count - 8)
        return unsafe UInt64(bigEndian: start.unsafelyUnwrapped.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The bytes from `from` up to, not with, `to`.
    @inlinable
    public func slice(_ from: Int, _ to: Int) -> ByteView {
        precondition(from >= 0 && from <= to && to <= count)
        return unsafe ByteView(start: start.map { unsafe $0 + from }, count: to - from)
    }

    /// A copy.
    public var array: [UInt8] { unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count)) }

    /// Appends the bytes to an array.
    public func append(to array: inout [UInt8]) {
        unsafe array.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Copies the bytes to `target`, which must have room for them.
    func copy(to target: UnsafeMutableRawPointer) {
        guard let start = unsafe start else { return }
        unsafe target.copyMemory(from: start, byteCount: count)
    }
}

extension ByteView {
    /// Hands the bytes of an array to a body, in place.
    @inlinable
    public static func with<R>(_ bytes: ArraySlice<UInt8>, _ body: (ByteView) -> R) -> R {
        unsafe bytes.withUnsafeBytes { body(unsafe ByteView($0)) }
    }

    @inlinable
    public static func with<R>(_ bytes: [UInt8], _ body: (ByteView) -> R) -> R {
        unsafe bytes.withUnsafeBytes { body(unsafe ByteView($0)) }
    }
}
