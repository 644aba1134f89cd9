// swift-tools-version: 6.2
import PackageDescription

/// Held by every Swift target: Swift 6, explicit existentials and imports, and no unsafe
/// expression that is not marked as such. A warning is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], exclude: ["Fixtures"],
        swiftSettings: strict)
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// The house, from the cellar up. Imports only go down; `Tests/ArchitectureTests` holds the wall.
let package = Package(
    name: "hone",
    products: [
        .executable(name: "honed", targets: ["honed"]),
        .executable(name: "hone", targets: ["hone"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // 0 · C: no policy, no allocation
        .target(name: "CKernels"),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // 1 · values and functions, no I/O
        room("Tensors", ["CKernels"]),
        room("Tokenizers", []),
        room("Corpus", [.product(name: "Crypto", package: "swift-crypto")]),
        room("Drift", []),

        // 2 · networks, memory, the outside world
        room("Transformers", ["Tensors", "Tokenizers", "Corpus"]),
        room("Ingest", ["CCurl", "Corpus", log]),
        room("Store", ["Corpus", .product(name: "GRDB", package: "GRDB.swift")]),

        // 3 · learning
        room("Training", ["Transformers", "Tensors", "Tokenizers", "Corpus"]),

        // 4 · the loop: predict, watch, retrain, swap
        room(
            "Honing",
            [
                "Corpus", "Drift", "Ingest", "Store", "Training", "Transformers", "Tokenizers", "Tensors",
                log, lifecycle, .product(name: "Yams", package: "Yams"),
            ]),

        // 5 · the HTTP face
        room("Server", ["Honing", .product(name: "Hummingbird", package: "hummingbird"), log, lifecycle]),

        // 6 · executables: parse, wire, run
        .executableTarget(
            name: "honed",
            dependencies: [
                "Honing", "Server", arguments, lifecycle, log,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "hone", dependencies: ["Honing", "Training", "Corpus", "Ingest", arguments, log],
            swiftSettings: strict),

        // Tests mirror the rooms
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("Tensors", ["Tensors"]),
        tests("Tokenizers", ["Tokenizers"]),
        tests("Corpus", ["Corpus"]),
        tests("Drift", ["Drift"]),
        tests("Transformers", ["Transformers", "Tensors", "Tokenizers", "Corpus"]),
        tests("Ingest", ["Ingest", "Corpus", log]),
        tests("Store", ["Store", "Corpus"]),
        tests("Training", ["Training", "Transformers", "Tensors", "Tokenizers", "Corpus"]),
        tests(
            "Honing",
            ["Honing", "Store", "Drift", "Corpus", "Ingest", "Training", "Transformers", log, lifecycle]),
        tests(
            "Server",
            [
                "Server", "Honing", "Store", "Training", "Transformers", "Corpus", log, lifecycle,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        tests("Command", ["Honing"]),
        tests("Architecture", []),
    ]
)
