import Foundation
import Store
import TestSupport
import Testing

@Suite struct DatabaseTests {
    private let directory: TemporaryDirectory
    private var path: String { directory / "honed.sqlite" }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `a commit is synced, foreign keys hold, and pages can be given back`() async throws {
        let store = try Database.open(at: path)

        // synchronous and foreign_keys belong to the connection: ask the one that writes.
        try await store.execute(
            """
            CREATE TABLE seen AS
            SELECT (SELECT * FROM pragma_synchronous) AS s, (SELECT * FROM pragma_foreign_keys) AS f
            """)

        #expect(try await store.rows("SELECT * FROM seen") == ["2|1"])
        #expect(try await store.rows("PRAGMA journal_mode") == ["wal"])
        #expect(try await store.rows("PRAGMA auto_vacuum") == ["2"])
        #expect(try await store.rows("PRAGMA application_id") == ["1215262309"])
    }

    @Test func `what was written is there after opening again`() async throws {
        do {
            let store = try await Database.withLiveVersion(at: path)
            try await store.fetch(examples(0..<3))
        }

        let store = try Database.open(at: path)

        #expect(try await store.counts().examples == 3)
        #expect(try await store.livePromotion()?.version == 1)
    }

    @Test func `a database of a later Hone is refused and left alone`() async throws {
        do {
            let store = try Database.open(at: path)
            try await store.execute("INSERT INTO grdb_migrations VALUES ('0099 the far future')")
        }
        let before = try Data(contentsOf: URL(filePath: path))

        #expect(throws: StoreError.newerSchema(path: path, unknown: ["0099 the far future"])) {
            try Database.open(at: path)
        }
        #expect(throws: StoreError.newerSchema(path: path, unknown: ["0099 the far future"])) {
            try Database.openReadOnly(at: path)
        }

        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test func `an earlier form is brought up to date by opening, but not by reading`() async throws {
        do {
            let store = try Database.open(at: path)
            try await store.execute(
                "DELETE FROM grdb_migrations WHERE identifier = (SELECT max(identifier) FROM grdb_migrations)"
            )
        }

        #expect(throws: StoreError.olderSchema(path: path)) { try Database.openReadOnly(at: path) }
    }

    @Test(arguments: [0, 7])
    func `a database of another program is refused and left alone`(_ program: Int) async throws {
        // Most programs leave the number in the header at 0.
        let other = directory / "other.sqlite"
        do {
            let store = try Database.open(at: other)
            try await store.execute("PRAGMA application_id = \(program)")
        }
        let before = try Data(contentsOf: URL(filePath: other))

        #expect(throws: StoreError.foreignDatabase(path: other)) { try Database.open(at: other) }

        #expect(try Data(contentsOf: URL(filePath: other)) == before)
    }

    @Test func `a file that is no database is refused and left alone`() throws {
        let text = String(repeating: "these are not the pages you are looking for\n", count: 200)
        try directory.write(text, to: "honed.sqlite")

        let error = #expect(throws: StoreError.self) { try Database.open(at: path) }

        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["honed.sqlite"])
    }

    @Test func `damaged pages are told and nothing is deleted`() async throws {
        do {
            let store = try await Database.withLiveVersion(at: path)
            try await store.fetch(examples(0..<2_000))
        }
        var bytes = try Data(contentsOf: URL(filePath: path))
        let size = bytes.count
        // Behind the schema, which is read before anything else.
        for index in size / 2..<size * 3 / 4 { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: path))

        let store = try Database.open(at: path)
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.examples(split: nil, after: 0, before: nil, limit: .max, newestFirst: false)
        }

        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try Data(contentsOf: URL(filePath: path)).count >= size)
    }

    @Test func `a directory that is missing is told with a remedy`() throws {
        let missing = directory / "nowhere/honed.sqlite"

        let error = #expect(throws: StoreError.self) { try Database.open(at: missing) }

        #expect(error?.description.contains("see that its directory exists") == true)
    }

    @Test func `programs that open a new file at once do not trip over each other`() async throws {
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<6 {
                group.addTask { [path] in try await Database.open(at: path).counts().versions }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(counts == Array(repeating: 0, count: 6))
    }

    @Test func `readers see whole pages while they are written`() async throws {
        let store = try await Database.withLiveVersion(at: path)
        let pages = 40
        let rowsOfAPage = 25

        let torn = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                for page in 0..<pages {
                    let first = page * rowsOfAPage
                    _ = try await store.recordPage(
                        source: "feed", examples: examples(first..<(first + rowsOfAPage)), rejected: [],
                        state: "\(page)", at: noon(Double(page)))
                }
                return 0
            }
            for _ in 0..<3 {
                group.addTask {
                    var torn = 0
                    while try await store.sources().first?.rows != pages * rowsOfAPage {
                        // Rows, cursor and count are of one moment or not at all.
                        let seen = try await store.rows(
                            "SELECT (SELECT count(*) FROM example), ifnull((SELECT rows FROM source), 0)")
                        let numbers = seen[0].split(separator: "|").map { Int($0)! }
                        if numbers[0] != numbers[1] || numbers[0] % rowsOfAPage != 0 { torn += 1 }
                    }
                    return torn
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(torn == 0)
    }

    @Test func `a write is carried through although its task was cancelled`() async throws {
        let store = try await Database.withLiveVersion()

        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await store.fetch(examples(0..<1)).inserted.count
        }

        #expect(try await task.value == 1)
        #expect(try await store.counts().examples == 1)
    }
}
