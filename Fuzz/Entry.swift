import Glibc

/// The readers that can be fuzzed, by the name that `scripts/fuzz` gives in `FUZZ_TARGET`.
nonisolated(unsafe) private let targets: [String: any FuzzTarget.Type] = [
    "text": TextFuzz.self, "containers": ContainerFuzz.self, "encoded": EncodedFuzz.self, "capture": CaptureFuzz.self,
    "rules": RuleFuzz.self, "leaks": LeakFuzz.self, "diagnosis": DiagnosisFuzz.self, "names": NameFuzz.self,
    "certificates": CertificateFuzz.self, "json": JSONFuzz.self, "yaml": YAMLFuzz.self, "xml": XMLFuzz.self,
    "patterns": PatternFuzz.self, "curl": CurlFuzz.self, "logs": LogFuzz.self, "facts": FactFuzz.self,
    "archives": ArchiveFuzz.self, "bundles": BundleFuzz.self, "manifests": ManifestFuzz.self,
    "protect": ProtectFuzz.self, "playbooks": PlaybookFuzz.self, "http": HTTPFuzz.self,
]

/// One reader under test. A broken promise traps: libFuzzer keeps the input.
protocol FuzzTarget {
    /// Inputs to begin with.
    static var seeds: [[UInt8]] { get }
    static func run(_ input: FuzzInput)
}

nonisolated(unsafe) private let target: any FuzzTarget.Type = {
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = unsafe targets[name] else {
        fatalError("FUZZ_TARGET names no target")
    }
    return target
}()

/// Writes the first corpus, made by code, to the folder in `FUZZ_CORPUS`.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzerInitialize(_ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutableRawPointer) -> CInt {
    guard let folder = unsafe getenv("FUZZ_CORPUS").map({ unsafe String(cString: $0) }) else { return 0 }
    for (index, seed) in unsafe target.seeds.enumerated() {
        guard let file = unsafe fopen("\(folder)/seed-\(index)", "w") else { fatalError("no folder \(folder)") }
        unsafe fwrite(seed, 1, seed.count, file)
        unsafe fclose(file)
    }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    unsafe target.run(FuzzInput(bytes))
    return 0
}

/// Where the standard library's random numbers have got to, in a run that can be repeated; nil: real ones.
nonisolated(unsafe) private var repeatable: UInt64? = unsafe getenv("FUZZ_SEED") == nil ? nil : 1

/// The standard library's source of random numbers, replaced: tables are hashed with them, and libFuzzer follows what is
/// compared with what. With `FUZZ_SEED` they are the same in each run (SplitMix64).
@_cdecl("swift_stdlib_random")
public func standardRandom(_ buffer: UnsafeMutableRawPointer, _ count: Int) {
    guard var state = unsafe repeatable else {
        guard unsafe getentropy(buffer, count) == 0 else { fatalError("no random numbers") }
        return
    }
    for index in 0..<count {
        state &+= 0x9E37_79B9_7F4A_7C15
        let mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        unsafe buffer.storeBytes(of: UInt8(truncatingIfNeeded: mixed >> 56), toByteOffset: index, as: UInt8.self)
    }
    unsafe repeatable = state
}

/// Stops at a broken promise. The message names it, never the input: libFuzzer writes that to a file.
func promise(_ isKept: Bool, _ text: @autoclosure () -> String) {
    if !isKept { fatalError("promise broken: \(text())") }
}
