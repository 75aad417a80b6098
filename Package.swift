// swift-tools-version: 6.2

import PackageDescription

#if canImport(Glibc)
import Glibc
#endif

/// Settings of every Swift target: language mode 6 comes with the tools version.
let strict: [SwiftSetting] = [
    // So that the linker leaves out each function that nothing calls, not whole files alone.
    .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release)),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Of rooms that wait for disks, networks and people: small beats fast there
/// (the binary has a limit, scripts/check-binary).
let cold = strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// Nothing loads the program as a library: what nothing in it calls need not be in it. Packed relocations
/// (DT_RELR) save over a megabyte, where the loader knows them: glibc has since 2.36.
let smallProgram: [String] = {
    var flags = ["-use-ld=lld", "-Xlinker", "--no-export-dynamic"]
    #if canImport(Glibc)
    var name = [CChar](repeating: 0, count: 64)  // "glibc 2.36"
    confstr(Int32(_CS_GNU_LIBC_VERSION), &name, name.count)
    let version = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        .split { !$0.isNumber }.compactMap { Int($0) }
    if version.count >= 2, (version[0], version[1]) >= (2, 36) {
        flags += ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"]
    }
    #endif
    return flags
}()

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")

/// A room of the house (docs/architecture.md): the floor of a room decides what it may import.
func room(
    _ name: String, path: String? = nil, exclude: [String] = [], _ dependencies: [Target.Dependency],
    settings: [SwiftSetting] = strict
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", exclude: exclude,
        swiftSettings: settings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
        resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "apigee-collect",
    products: [
        .executable(name: "apigee-collect", targets: ["collect-cli"]),
        .executable(name: "apigee-lab", targets: ["lab-cli"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
        .package(url: "https://github.com/swhitty/FlyingFox.git", exact: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", exact: "1.0.2", traits: []),
    ],
    targets: [
        // Floor 0: bytes, files and the C libraries, each owned by one Swift target.
        .systemLibrary(
            name: "CArchive", path: "Sources/Archive/CArchive", pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(
            name: "CZlib", path: "Sources/Archive/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CZstd", path: "Sources/Archive/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(
            name: "CLZMA", path: "Sources/Archive/CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
        .systemLibrary(name: "CBzip2", path: "Sources/Archive/CBzip2", providers: [.apt(["libbz2-dev"])]),
        .systemLibrary(
            name: "CDeflate", path: "Sources/Archive/CDeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(
            name: "CExpat", path: "Sources/Documents/CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(
            name: "CYAML", path: "Sources/Documents/CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(
            name: "CCurl", path: "Sources/EdgeAPI/CCurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CBytes", path: "Sources/Logs/CBytes"),
        .target(name: "CPlatform", path: "Sources/Platform/CPlatform"),
        .target(
            name: "Templates", path: "templates", sources: ["Templates.swift", "RedactionTemplates.swift"],
            resources: [
                .embedInCode("playbooks"), .embedInCode("collectors"), .embedInCode("redaction"),
                .embedInCode("bundle"), .embedInCode("report"),
            ], swiftSettings: cold),
        room("Platform", exclude: ["CPlatform"], ["CPlatform", system]),
        room(
            "Archive", exclude: ["CArchive", "CDeflate", "CZlib", "CZstd", "CLZMA", "CBzip2"],
            ["CArchive", "CDeflate", "CZlib", "CZstd", "CLZMA", "CBzip2"]),
        room("Documents", exclude: ["CExpat", "CYAML"], ["CExpat", "CYAML"], settings: cold),
        room("Packets", []),

        // Floor 1.
        room("Redact", ["Archive", "Documents", "Packets", "Platform", "Templates", crypto]),
        room(
            "SupportBundle", path: "Sources/Bundle", ["Archive", "Documents", "Platform", "Templates", crypto, system]),
        room("Logs", exclude: ["CBytes"], ["Archive", "CBytes", "Platform", system]),

        // Floor 2.
        room("Diagnose", ["Archive", "Documents", "Packets", "SupportBundle", asn1, crypto]),
        room("EdgeAPI", exclude: ["CCurl"], ["CCurl", "Documents", "Platform"], settings: cold),

        // Floor 3 and up.
        room(
            "Collect",
            [
                "Archive", "Diagnose", "Documents", "EdgeAPI", "Logs", "Packets", "Platform", "Redact", "SupportBundle",
                "Templates", crypto, subprocess, system,
            ], settings: cold),
        room(
            "Fleet",
            ["Collect", "Diagnose", "Documents", "Logs", "Platform", "Redact", "SupportBundle", crypto, system],
            settings: cold),
        room(
            "Attach", ["Documents", "EdgeAPI", "Platform", "SupportBundle", crypto, subprocess, system],
            settings: cold),
        room("Report", ["Documents", "SupportBundle", "Templates"], settings: cold),
        .executableTarget(
            name: "collect-cli",
            dependencies: [
                "Attach", "Collect", "Diagnose", "Documents", "EdgeAPI", "Fleet", "Platform", "Redact", "Report",
                "SupportBundle", "Templates", argumentParser, system,
            ], path: "Sources/collect-cli", swiftSettings: cold,
            linkerSettings: [.unsafeFlags(smallProgram, .when(platforms: [.linux]))]),

        // The lab: a loopback Edge for the demo and the tests, never shipped.
        room("Lab", [crypto, .product(name: "FlyingFox", package: "FlyingFox")]),
        .executableTarget(
            name: "lab-cli", dependencies: ["Lab", argumentParser], path: "Sources/lab-cli", swiftSettings: strict),

        tests(of: "Archive"),
        tests(of: "Documents"),
        tests(of: "Packets"),
        tests(of: "Platform", [system]),
        tests(of: "Redact", ["Archive", "Documents", "Platform", "Templates", crypto]),
        tests(of: "SupportBundle", ["Archive", "Documents", crypto, system]),
        tests(of: "Logs", [system]),
        tests(of: "Diagnose", ["Archive", "Documents", "Packets", "Redact", "SupportBundle", crypto]),
        tests(of: "EdgeAPI", ["Documents", "Platform", .product(name: "FlyingFox", package: "FlyingFox")]),
        tests(of: "Report", ["Diagnose", "Documents", "SupportBundle", "Templates", crypto]),
        tests(
            of: "Fleet",
            ["Lab", "collect-cli", "Collect", "Documents", "Platform", "Redact", "SupportBundle", crypto, system]),
        tests(of: "Attach", ["Documents", "EdgeAPI", "Lab", "Platform"]),
        tests(of: "Lab"),
        tests(of: "Collect", ["CBytes", "Lab", "collect-cli"]),
        // The sources as text: floors, lengths, and what the documents say of tests.
        .testTarget(name: "HouseTests", path: "Tests/HouseTests", swiftSettings: strict),
    ]
)

// The real program and the lab take long to build: sanitizers and coverage (scripts/sanitize) do without.
if Context.environment["UNITS"] != nil {
    let far = ["Lab", "lab-cli", "collect-cli", "Collect", "Fleet", "Attach", "EdgeAPI"]
    let names = Set(far + far.map { "\($0)Tests" } + ["HouseTests"])
    package.products = []
    package.targets.removeAll { names.contains($0.name) }
}

// Not part of a plain build: fuzz targets have no main function of their own (scripts/fuzz), benchmarks take time.
if Context.environment["FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "redact-fuzz",
            dependencies: [
                "Archive", "Collect", "Diagnose", "Documents", "EdgeAPI", "Logs", "Redact", "SupportBundle", crypto,
                system,
            ], path: "Fuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
if Context.environment["BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "leak-scan-benchmark", dependencies: ["SupportBundle"], path: "Benchmarks/LeakScan",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
    package.targets.append(
        .executableTarget(
            name: "log-bench", dependencies: ["Logs"], path: "Benchmarks/logs",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]))
    package.targets.append(
        .executableTarget(
            name: "bundle-bench", dependencies: ["Redact", "SupportBundle", system], path: "Benchmarks/bundle",
            swiftSettings: strict))
}
