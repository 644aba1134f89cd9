import Foundation
import Ingest
import Logging
import Synchronization
import Testing

@Suite struct CancellationTests {
    @Test func `a cancelled task ends its transfer`() async throws {
        let (arrivals, arrived) = AsyncStream<Void>.makeStream()
        let (departures, departed) = AsyncStream<Void>.makeStream()
        let server = try HostileServer { exchange in
            arrived.yield()
            // It returns when the client has closed the connection.
            exchange.hang()
            departed.yield()
        }
        let client = ImpatientFetcher()
        let url = server.url()
        let task = Task { try await client.fetch(source(url) { $0.totalTimeout = .seconds(600) }) }

        for await _ in arrivals { break }
        task.cancel()

        await #expect(throws: CancellationError.self) { try await task.value }
        for await _ in departures { break }
    }

    @Test func `a task that was cancelled before asks nothing for long`() async throws {
        let server = try HostileServer { $0.hang() }
        let client = ImpatientFetcher()
        let url = server.url()
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await client.fetch(source(url) { $0.totalTimeout = .seconds(600) })
        }

        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a pause between attempts can be cancelled`() async throws {
        let server = try HostileServer { $0.answer("503 Service Unavailable", ["Retry-After: 300"], "") }
        let (pauses, paused) = AsyncStream<Void>.makeStream()
        let fetcher = Fetcher(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            sleep: { pause in
                paused.yield()
                try await Task.sleep(for: pause)
            })
        let url = server.url()
        let task = Task { try await fetcher.fetch(source(url) { $0.retries = 3 }, from: SourceState()) }

        for await _ in pauses { break }
        task.cancel()

        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `one cancelled transfer disturbs no other`() async throws {
        let server = try HostileServer { exchange in
            if exchange.request.target == "/hang" {
                exchange.hang()
            } else {
                exchange.answer("200 OK", [], twoRows)
            }
        }
        let client = ImpatientFetcher()
        let hanging = server.url("/hang")
        let tasks = (0..<10).map { _ in
            Task { try await client.fetch(source(hanging) { $0.totalTimeout = .seconds(600) }) }
        }

        for _ in 0..<20 { #expect(try await client.fetch(source(server.url())).examples.count == 2) }
        for task in tasks { task.cancel() }
        for _ in 0..<20 { #expect(try await client.fetch(source(server.url())).examples.count == 2) }

        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
    }
}
