import Foundation
import Glibc

/// A client that opens a connection for each request and sends bytes as they are: over TCP or a
/// Unix socket, and also what a decent library would refuse to send.
struct LoopbackClient: Sendable {
    enum Place: Sendable {
        case tcp(host: String, port: Int)
        case unix(path: String)
    }

    let place: Place

    struct Answer: Sendable {
        let status: Int
        /// By lowercase name.
        let headers: [String: String]
        let body: Data

        func decode<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            return try decoder.decode(Value.self, from: body)
        }

        /// The sentence of an error's body.
        var sentence: String? {
            (try? JSONDecoder().decode([String: String].self, from: body))?["error"]
        }
    }

    /// Why there was no answer.
    struct Silence: Error, CustomStringConvertible {
        let description: String
    }

    func get(_ path: String) async throws -> Answer { try await ask("GET", path) }

    func post(_ path: String, _ json: String) async throws -> Answer { try await ask("POST", path, json) }

    /// Sends one request and reads until the server closes. On a thread of its own: it blocks.
    func ask(_ method: String, _ path: String, _ json: String? = nil) async throws -> Answer {
        let body = Array((json ?? "").utf8)
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: honed\r
            Connection: close\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            \r

            """
        let place = place
        return try await withCheckedThrowingContinuation { answer in
            Thread.detachNewThread {
                answer.resume(with: Result { try Self.exchange(Array(head.utf8) + body, at: place) })
            }
        }
    }

    private static func exchange(_ bytes: [UInt8], at place: Place) throws -> Answer {
        let descriptor = try connected(to: place)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw Silence(description: "the server stopped listening") }
            rest = rest.dropFirst(sent)
        }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let got = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard got > 0 else { break }
            answer.append(contentsOf: buffer.prefix(got))
        }
        return try Answer(answer)
    }

    private static func connected(to place: Place) throws -> Int32 {
        switch place {
        case .tcp(let host, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            unsafe inet_pton(AF_INET, host, &address.sin_addr)
            return try connected(AF_INET, &address, "\(host):\(port)")
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
            return try connected(AF_UNIX, &address, path)
        }
    }

    private static func connected<Address>(
        _ family: Int32, _ address: inout Address, _ name: String
    ) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        let isConnected = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            throw Silence(description: "nobody answers at \(name)")
        }
        return descriptor
    }
}

extension LoopbackClient.Answer {
    fileprivate init(_ bytes: Data) throws {
        guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else {
            throw LoopbackClient.Silence(description: "the server closed after \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = lines.dropFirst().reduce(into: [:]) { headers, line in
            let name = line.prefix { $0 != ":" }
            headers[name.lowercased()] = String(line.dropFirst(name.count + 1).drop { $0 == " " })
        }
        body = bytes[end.upperBound...]
    }
}
