import Corpus
import Foundation
import Ingest
import Synchronization

/// A hub on loopback: lists a model's files, hands small ones out itself, and redirects for large ones
/// to a second server, as Hugging Face does to its store.
final class HubStub: Sendable {
    static let commit = "0123456789abcdef0123456789abcdef01234567"
    static let model = "org/tiny"

    /// What the store does wrong, by the number of the request.
    enum Fault: Sendable { case none, cut(after: Int), ignoresRanges, status(String), otherBytes }

    let hub: HostileServer
    let store: HostileServer

    /// - Parameters:
    ///   - large: the files that lie in the store.
    ///   - token: is asked for where given.
    ///   - listing: instead of the true one.
    init(
        _ files: [String: String], large: Set<String> = ["model.safetensors"], token: String? = nil,
        listing: String? = nil, fault: @escaping @Sendable (Int) -> Fault = { _ in .none }
    ) throws {
        let content = files.mapValues { Array($0.utf8) }
        let store = try HostileServer { exchange in
            Self.hand(out: content, exchange, fault(exchange.number))
        }
        let listed = try listing ?? Self.listing(content, large)
        let port = store.port
        self.store = store
        hub = try HostileServer { exchange in
            let target = exchange.request.target
            if let token, exchange.request.headers["authorization"] != "Bearer \(token)" {
                return exchange.answer("401 Unauthorized", ["X-Error-Code: RepoNotFound"], "Invalid username")
            }
            if target == "/api/models/\(Self.model)/revision/main?blobs=true" {
                return exchange.answer("200 OK", ["Content-Type: application/json"], listed)
            }
            let prefix = "/\(Self.model)/resolve/\(Self.commit)/"
            guard target.hasPrefix(prefix), let body = content[String(target.dropFirst(prefix.count))] else {
                return exchange.answer("404 Not Found", ["X-Error-Code: RevisionNotFound"], "Not found")
            }
            let name = String(target.dropFirst(prefix.count))
            guard large.contains(name) else { return exchange.answer("200 OK", [], body) }
            // Another name of the same machine is another origin.
            exchange.answer(
                "302 Found", ["Location: http://localhost:\(port)/\(name)?signed=1"], "Found. Redirecting")
        }
    }

    var endpoint: String { "http://127.0.0.1:\(hub.port)" }

    private static func hand(out content: [String: [UInt8]], _ exchange: Exchange, _ fault: Fault) {
        let name = String(exchange.request.target.dropFirst().prefix { $0 != "?" })
        guard var body = content[name] else { return exchange.answer("404 Not Found") }
        if case .status(let status) = fault { return exchange.answer(status) }
        if case .otherBytes = fault { body[body.count / 2] ^= 1 }
        var head = ["Content-Length: \(body.count)"]
        var status = "200 OK"
        var bytes = body[...]
        if case .ignoresRanges = fault {
        } else if let range = exchange.request.headers["range"] {
            let start = Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
            guard start < body.count else {
                return exchange.answer("416 Range Not Satisfiable", ["Content-Range: bytes */\(body.count)"])
            }
            bytes = body[start...]
            status = "206 Partial Content"
            head = [
                "Content-Length: \(bytes.count)",
                "Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)",
            ]
        }
        exchange.head(status, head + ["Connection: close"])
        if case .cut(let count) = fault { bytes = bytes.prefix(count) }
        exchange.send(Array(bytes))
    }

    private static func listing(_ content: [String: [UInt8]], _ large: Set<String>) throws -> String {
        let folder = try TemporaryFolder()
        let siblings = try content.map { name, bytes -> [String: Any] in
            var sibling: [String: Any] = ["rfilename": name, "size": bytes.count]
            let path = folder.path + "/blob"
            try Data(bytes).write(to: URL(filePath: path))
            sibling["blobId"] = try gitBlobHash(ofFile: path)
            if large.contains(name) {
                sibling["lfs"] = [
                    "sha256": ContentHash(ofBytes: Data(bytes)).hex, "size": bytes.count, "pointerSize": 134,
                ]
            }
            return sibling
        }
        let object: [String: Any] = ["id": model, "sha": commit, "siblings": siblings, "private": false]
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
}
