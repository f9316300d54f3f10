// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient",
    package: "async-http-client"
)
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let unixSignals = Target.Dependency.product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A room of the house: one target below Sources/, with the settings every room shares.
func room(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// The tests of one room, which may also use the shared fixtures.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["TestSupport"],
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "slipway",
    products: [.executable(name: "slipway", targets: ["slipway"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Neither swift-configuration nor full Foundation: nothing unused compiles.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: []
        ),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    ],
    targets: [
        .systemLibrary(
            name: "CLibgit2",
            pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .target(name: "CAssets"),
        room("Core", []),
        room("PipelineFile", ["Core", yams]),
        room("Conversion", [yams]),
        room("Wire", ["Core"]),
        room("Storage", ["Core", grdb, crypto]),
        room("CodeStore", ["Core", "CZlib", grdb, crypto]),
        room("Git", ["Core", "CLibgit2"]),
        room("Docker", [subprocess, systemPackage, logging]),
        room("JobRunner", ["Core", "Docker", "Git", crypto, logging]),
        room("LocalRun", ["Core", "PipelineFile", "Git", "JobRunner", logging]),
        room("Site", ["Core", "CAssets", mustache], exclude: ["Assets"]),
        room(
            "Master",
            [
                "Core", "PipelineFile", "Wire", "Storage", "CodeStore", "Git", "Site", "CAssets",
                hummingbird, httpTypes, serviceLifecycle, logging, crypto, nioCore,
            ]
        ),
        room(
            "Worker",
            [
                "Core", "Wire", "Git", "JobRunner", asyncHTTPClient, nioCore, nioHTTP1,
                serviceLifecycle, logging,
            ]
        ),
        .executableTarget(
            name: "slipway",
            dependencies: [
                "Core", "Conversion", "Master", "Worker", "JobRunner", "LocalRun", "PipelineFile",
                "Wire", argumentParser, asyncHTTPClient, nioCore, nioHTTP1, serviceLifecycle,
                unixSignals, logging,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "TestSupport",
            dependencies: [asyncHTTPClient, nioCore, nioHTTP1],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        tests("CoreTests", ["Core"]),
        tests("PipelineFileTests", ["PipelineFile", "Core"], exclude: ["Corpus"]),
        tests("ConversionTests", ["Conversion"], exclude: ["Golden"]),
        tests("SlipwayTests", ["slipway", "Conversion", "Core", "LocalRun", "Wire"]),
        tests("WireTests", ["Wire", "Core"], exclude: ["Deliveries"]),
        tests("StorageTests", ["Storage", "Core", grdb, grdbSQLite]),
        tests("CodeStoreTests", ["CodeStore", "Core", grdb, crypto]),
        tests("GitTests", ["Git", "Core"]),
        tests("DockerTests", ["Docker"]),
        tests("JobRunnerTests", ["JobRunner", "Docker", "Git", "Core"]),
        tests("SiteTests", ["Site", "Core"], exclude: ["Golden"]),
        tests(
            "MasterTests",
            [
                "Master", "Core", "Storage", "CodeStore", "Wire", hummingbird, asyncHTTPClient,
                nioCore, nioHTTP1, httpTypes, serviceLifecycle, logging, crypto,
            ]
        ),
        tests(
            "WorkerTests",
            [
                "Worker", "Wire", "Core", hummingbird, asyncHTTPClient, nioCore, httpTypes,
                serviceLifecycle, logging,
            ]
        ),
        tests(
            "SystemTests",
            ["Core", "Wire", "Git", asyncHTTPClient, nioCore],
            exclude: ["remotes.py"]
        ),
        tests("BrowserTests", [], exclude: ["look.py"]),
        tests("TidyTests", [], exclude: ["shipped-migrations.txt"]),
    ]
)
