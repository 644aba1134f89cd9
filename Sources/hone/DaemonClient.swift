import Foundation
import Ingest

/// Speaks with the daemon over its control socket.
struct DaemonClient {
    let socket: String
    private let web = WebClient()

    init(socket: String) {
        self.socket = socket
    }

    func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        try Self.decode(try await send("GET", path, body: nil))
    }

    func post<Answer: Decodable>(_ path: String, _ body: some Encodable) async throws -> Answer {
        try Self.decode(try await send("POST", path, body: try JSONEncoder().encode(body)))
    }

    /// Whether a daemon is there, in whatever state: even one without a model answers.
    ///
    /// - Throws: `Failure` when this user may not ask.
    func isAnswering() async throws -> Bool {
        do {
            _ = try await send("GET", "/health", body: nil)
            return true
        } catch let failure as Failure {
            switch failure.code {
            case .unavailable: return false
            case .notPermitted: throw failure
            default: return true
            }
        }
    }

    private func send(_ method: String, _ path: String, body: Data?) async throws -> Data {
        let response: WebResponse
        do {
            response = try await web.send(
                WebRequest(
                    method: method, url: "http://honed" + path, unixSocket: socket,
                    headers: ["Content-Type": "application/json"], body: body.map(Array.init) ?? [],
                    timeout: .seconds(600)))
        } catch {
            throw unreachable(error)
        }
        guard (200..<300).contains(response.statusCode) else {
            let sentence = try? JSONDecoder().decode(ErrorBody.self, from: Data(response.body)).error
            throw Failure(.refused, sentence ?? "the daemon answered with status \(response.statusCode)")
        }
        return Data(response.body)
    }

    private func unreachable(_ error: any Error) -> Failure {
        if unsafe access(socket, F_OK) != 0 {
            return Failure(
                .unavailable,
                "honed is not running (there is no \(socket)): start it with `systemctl start honed`")
        }
        if unsafe access(socket, W_OK) != 0 {
            return Failure(
                .notPermitted,
                "you may not use \(socket): run as root or as a member of group hone "
                    + "(`sudo usermod -aG hone $USER`, then log in again)")
        }
        return Failure(.unavailable, "honed does not answer on \(socket): \(error)")
    }

    private struct ErrorBody: Decodable { let error: String }

    private static func decode<Answer: Decodable>(_ data: Data) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(Answer.self, from: data)
    }
}
