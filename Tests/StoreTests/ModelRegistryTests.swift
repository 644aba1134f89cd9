import Corpus
import Foundation
import Glibc
import Store
import Testing

@Suite struct ModelRegistryTests {
    private let directory: TemporaryDirectory
    private let registry: ModelRegistry
    private let store: Database

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("the weights", to: "model/model.safetensors")
        try directory.write(#"{"hidden_size":4}"#, to: "model/config.json")
        try directory.write("", to: "model/merges.txt")
        try directory.write("{}", to: "model/1_Pooling/config.json")
        registry = try ModelRegistry(root: directory / "models")
        store = try Database.inMemory()
    }

    @discardableResult
    private func register() async throws -> Int {
        let version = ModelVersion(
            createdAt: noon(), origin: .imported, checksum: "", labels: ["bad", "good"],
            task: "text-classification")
        return try await store.register(
            version, folder: try registry.stage(copying: directory / "model"), in: registry
        ).version
    }

    private func files(below path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    }

    @Test func `a version is the folder, its manifest and nobody's to write`() async throws {
        try directory.write("secret", to: "model/.cache/token.json")
        try directory.write("huge", to: "model/pytorch_model.bin")
        try directory.write("old", to: "model/manifest.json")

        try await register()

        let folder = registry.directory(of: 1)
        #expect(folder.hasSuffix("/versions/0001"))
        let names = [
            "1_Pooling", "1_Pooling/config.json", "config.json", "manifest.json", "merges.txt",
            "model.safetensors",
        ]
        #expect(try files(below: folder) == names)
        for name in names where name != "1_Pooling" {
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)[
                .posixPermissions]
            #expect(mode as? Int == 0o444)
        }
        #expect(
            try registry.verify(1)
                == ContentHash.ofFile(directory / "model/model.safetensors").hex)
        #expect(try files(below: directory / "models/staging").isEmpty)
    }

    @Test func `weights in parts are a version too, known by all of them`() async throws {
        let parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
        try FileManager.default.removeItem(atPath: directory / "model/model.safetensors")
        try directory.write("half", to: "model/" + parts[0])
        try directory.write("the other half", to: "model/" + parts[1])
        #expect(throws: StoreError.self) { try registry.stage(copying: directory / "model") }

        try directory.write("{}", to: "model/model.safetensors.index.json")
        try await register()

        let hashes = try parts.map { try ContentHash.ofFile(directory / "model/" + $0) }
        #expect(try registry.verify(1) == ContentHash.joining(hashes).hex)
    }

    @Test func `what is done to the folder later does not reach the version`() async throws {
        try await register()

        try directory.write("other weights", to: "model/model.safetensors")

        try registry.verify(1)
    }

    @Test func `any changed bit is found, wherever it is`() async throws {
        try await register()
        let folder = registry.directory(of: 1)

        for name in try files(below: folder) where name != "1_Pooling" {
            let path = folder + "/" + name
            let whole = try Data(contentsOf: URL(filePath: path))
            _ = unsafe chmod(path, 0o644)
            let file = try FileHandle(forUpdating: URL(filePath: path))
            func put(_ byte: UInt8, at index: Int) throws {
                try file.seek(toOffset: UInt64(index))
                try file.write(contentsOf: [byte])
            }
            var unseen: [String] = []
            for (index, byte) in whole.enumerated() {
                for bit in 0..<8 {
                    try put(byte ^ 1 << bit, at: index)
                    if (try? registry.verify(1)) != nil {
                        unseen.append("bit \(bit) of byte \(index) of \(name)")
                    }
                }
                try put(byte, at: index)
            }
            #expect(unseen == [])
            try registry.verify(1)
        }
    }

    @Test func `a missing, shorter or longer file is found and told`() async throws {
        try await register()
        let weights = registry.directory(of: 1) + "/model.safetensors"
        _ = unsafe chmod(weights, 0o644)

        try Data("the weight".utf8).write(to: URL(filePath: weights))
        #expect(
            throws: StoreError.damagedVersion(1, file: weights, cause: "has 10 bytes instead of 11")
        ) { try registry.verify(1) }
        try FileManager.default.removeItem(atPath: weights)
        #expect(throws: StoreError.damagedVersion(1, file: weights, cause: "is missing")) {
            try registry.verify(1)
        }
        #expect(throws: StoreError.damagedVersion(7, file: registry.directory(of: 7), cause: "is missing")) {
            try registry.verify(7)
        }
    }

    @Test func `a folder that is no model is refused and leaves nothing behind`() throws {
        try FileManager.default.removeItem(atPath: directory / "model/model.safetensors")

        for folder in ["model", "nowhere", "models"] {
            let error = #expect(throws: StoreError.self) { try registry.stage(copying: directory / folder) }
            guard case .unusableFolder = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }

        #expect(try files(below: directory / "models/staging").isEmpty)
    }

    @Test func `a folder of folders is not one model`() throws {
        for index in 0..<300 { try directory.write("{}", to: "model/part\(index).json") }

        let error = #expect(throws: StoreError.self) { try registry.stage(copying: directory / "model") }

        #expect(error?.description.contains("more than 256 files") == true)
    }

    @Test func `a version can be registered again as another`() async throws {
        try await register()

        let copy = try registry.stage(copying: registry.directory(of: 1))

        #expect(copy.checksum == (try registry.verify(1)))
    }

    @Test func `the sweep takes leftovers away and nothing that is needed`() async throws {
        try await register()
        try await register()
        let inFlight = try registry.stage(copying: directory / "model")
        try directory.write("half", to: "models/staging/left/model.safetensors")
        try directory.write("whole", to: "models/versions/0003/model.safetensors")
        try directory.write("mine", to: "models/versions/notes.txt")

        let swept = try registry.sweepOrphans(known: [1, 2])

        #expect(swept == ["staging/left", "versions/0003"])
        try registry.verify(1)
        try registry.verify(2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory / "models/staging").count == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory / "models/versions").sorted() == [
                "0001", "0002", "notes.txt",
            ])
        // Nothing that was complete is lost.
        let aside = try FileManager.default.contentsOfDirectory(atPath: directory / "models/unregistered")
        #expect(aside.count == 1)
        #expect(aside[0].hasPrefix("0003-"))
        #expect(!inFlight.checksum.isEmpty)
        #expect(try registry.sweepOrphans(known: [1, 2]).isEmpty)
    }

    @Test func `a staged folder is a leftover when nobody holds it any more`() throws {
        do { _ = try registry.stage(copying: directory / "model") }

        #expect(try registry.sweepOrphans(known: []).count == 1)
        #expect(try files(below: directory / "models/staging").isEmpty)
    }
}
