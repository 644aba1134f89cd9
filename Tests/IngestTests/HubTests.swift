import Corpus
import Foundation
import Ingest
import Synchronization
import Testing

/// Pulling models from a hub.
@Suite struct HubTests {
    private static let weights = String((0..<200_000).map { "abcdefghijklmnop"[$0 % 16] })
    private static let files = [
        "config.json": #"{"model_type": "bert"}"#, "tokenizer.json": "{}", "vocab.txt": "[PAD]\n",
        "model.safetensors": weights, "pytorch_model.bin": "a program", "README.md": "# A model",
        "onnx/model.onnx": "other weights",
    ]
    private static let wanted = ["config.json", "model.safetensors", "tokenizer.json", "vocab.txt"]

    private let folder: TemporaryFolder
    private var place: String { folder.path + "/model" }

    init() throws { folder = try TemporaryFolder() }

    private func client(_ stub: HubStub, token: String? = nil, attempts: Int = 5) throws -> HubClient {
        try HubClient(endpoint: stub.endpoint, token: token, attempts: attempts, sleep: { _ in })
    }

    private func model() throws -> HubModel { try HubModel(HubStub.model) }

    private func refusal(_ stub: HubStub, _ name: String = HubStub.model, token: String? = nil)
        async throws -> HubError
    {
        let client = try client(stub, token: token, attempts: 2)
        let model = try HubModel(name)
        let error = try #require(
            await #expect(throws: HubError.self) { try await client.pull(model, into: place) })
        #expect(!FileManager.default.fileExists(atPath: place))
        return error
    }

    private func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func `a model's folder holds the files that Hone needs, and nothing else is asked for`()
        async throws
    {
        let stub = try HubStub(Self.files)

        let snapshot = try await client(stub).pull(model(), into: place)

        #expect(snapshot.commit == HubStub.commit)
        #expect(try names(in: place) == Self.wanted)
        for name in Self.wanted {
            #expect(try String(contentsOfFile: place + "/" + name, encoding: .utf8) == Self.files[name])
        }
        #expect(try names(in: folder.path) == ["model"])
        #expect(stub.hub.requests.count == 5 && stub.store.requests.count == 1)
    }

    @Test func `the token is shown to the hub and to nobody else`() async throws {
        let stub = try HubStub(Self.files, token: "hf_secret")

        try await client(stub, token: "hf_secret").pull(model(), into: place)

        #expect(stub.hub.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
        #expect(stub.store.requests.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test func `a connection that breaks is taken up where it broke`() async throws {
        let stub = try HubStub(Self.files) { $0 < 2 ? .cut(after: 70_000) : .none }

        try await client(stub).pull(model(), into: place)

        #expect(
            stub.store.requests.map { $0.headers["range"] } == [nil, "bytes=70000-", "bytes=140000-"])
        #expect(try String(contentsOfFile: place + "/model.safetensors", encoding: .utf8) == Self.weights)
    }

    @Test func `a pull that failed is gone on with by the next one`() async throws {
        let broken = try HubStub(Self.files) { _ in .cut(after: 50_000) }
        let error = try await refusal(broken)
        #expect(error.description.contains("run the command again"))
        #expect(try names(in: folder.path) == ["model.0123456789ab.partial"])

        let whole = try HubStub(Self.files)
        try await client(whole).pull(model(), into: place)

        #expect(whole.store.requests.map { $0.headers["range"] } == ["bytes=100000-"])
        // What was whole already is not asked for again.
        #expect(whole.hub.requests.count == 2)
        #expect(try String(contentsOfFile: place + "/model.safetensors", encoding: .utf8) == Self.weights)
        #expect(try names(in: folder.path) == ["model"])
    }

    @Test func `a server that knows no ranges sends all of it again`() async throws {
        let stub = try HubStub(Self.files) { $0 == 0 ? .cut(after: 70_000) : .ignoresRanges }

        try await client(stub).pull(model(), into: place)

        #expect(try String(contentsOfFile: place + "/model.safetensors", encoding: .utf8) == Self.weights)
    }

    @Test func `a fault of the server is waited out`() async throws {
        let stub = try HubStub(Self.files) { $0 == 0 ? .status("503 Service Unavailable") : .none }
        try await client(stub).pull(model(), into: place)
        #expect(stub.store.requests.count == 2)
    }

    @Test func `bytes that are not what the hub states are thrown away`() async throws {
        let stub = try HubStub(Self.files) { _ in .otherBytes }

        let error = try await refusal(stub)

        guard case .otherContent("model.safetensors", _, let expected) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(expected == ContentHash(ofBytes: Data(Self.weights.utf8)).hex)
        let staging = folder.path + "/model.0123456789ab.partial"
        #expect(try !names(in: staging).contains { $0.hasPrefix("model.safetensors") })
    }

    @Test func `weights in parts come with their index`() async throws {
        var files = Self.files
        files["model.safetensors"] = nil
        files["model.safetensors.index.json"] = "{}"
        files["model-00001-of-00002.safetensors"] = "one"
        files["model-00002-of-00002.safetensors"] = "two"
        let stub = try HubStub(files, large: ["model-00001-of-00002.safetensors"])

        let snapshot = try await client(stub).pull(model(), into: place)

        #expect(
            snapshot.files.map(\.name).filter { $0.hasPrefix("model") }.sorted() == [
                "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                "model.safetensors.index.json",
            ])
    }

    @Test func `who may not have a model is told how he might`() async throws {
        let stub = try HubStub(Self.files, token: "hf_secret")
        #expect(try await refusal(stub).description.contains("set HF_TOKEN"))
        #expect(try await refusal(stub, token: "hf_other").description.contains("terms must be accepted"))
    }

    @Test func `a model that is not there, or is none, is said so`() async throws {
        let stub = try HubStub(Self.files)
        #expect(try await refusal(stub, "org/other").description.contains("no model org/other"))
        #expect(try await refusal(stub, "org/tiny@v9").description.contains("org/tiny@v9"))

        var pickled = Self.files
        pickled["model.safetensors"] = nil
        #expect(try await refusal(try HubStub(pickled)).description.contains("pickled weights are a program"))
        let bare = try HubStub(["config.json": "{}", "model.safetensors": "x"])
        #expect(try await refusal(bare).description.contains("no tokenizer.json"))
        let other = try HubStub(Self.files, listing: "<html>welcome</html>")
        #expect(try await refusal(other).description.contains("as a Hugging Face hub does"))
    }

    @Test func `a folder that is there already is left alone`() async throws {
        let stub = try HubStub(Self.files)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let client = try client(stub)
        let model = try model()
        await #expect(throws: HubError.occupied(place)) { try await client.pull(model, into: place) }
        #expect(stub.hub.requests.isEmpty)
    }

    @Test func `names of files are never paths`() async throws {
        let listing = """
            {"sha": "\(HubStub.commit)", "siblings": [{"rfilename": "../config.json"}, {"rfilename": "config.json"},
            {"rfilename": "tokenizer.json"}, {"rfilename": "model.safetensors"}, {"rfilename": "a/../../vocab.txt"}]}
            """
        let snapshot = try await client(try HubStub(Self.files, listing: listing)).snapshot(of: model())
        #expect(
            snapshot.files.map(\.name).sorted() == ["config.json", "model.safetensors", "tokenizer.json"])
    }

    @Test func `progress is told up to the last byte`() async throws {
        let seen = Mutex<[String: Int]>([:])
        try await client(try HubStub(Self.files)).pull(model(), into: place) { file, bytes in
            seen.withLock { $0[file.name] = bytes }
        }
        #expect(
            seen.withLock { $0 } == Self.files.filter { Self.wanted.contains($0.key) }.mapValues(\.utf8.count)
        )
    }

    @Test(arguments: [
        "", "a/b/c", "../x", "org/", "org/a b", "org/na..me", "org/x@", "org/x@a//b", "x@-/../y",
    ])
    func `what names no model is refused`(_ text: String) {
        #expect(throws: HubError.badName(text)) { try HubModel(text) }
    }

    @Test func `a model's name may carry a revision`() throws {
        #expect(try HubModel("org/name@refs/pr/1").revision == "refs/pr/1")
        #expect(try HubModel("gpt2").revision == "main" && HubModel("org/name").shortName == "name")
    }

    /// `printf 'hello\n' | git hash-object --stdin`
    @Test func `small files carry git's hash`() throws {
        let file = try folder.write("hello", "hello\n")
        #expect(try gitBlobHash(ofFile: file) == "ce013625030ba8dba906f756967f9e9ca394464a")
    }
}

extension String {
    fileprivate subscript(index: Int) -> Character { self[self.index(startIndex, offsetBy: index)] }
}
