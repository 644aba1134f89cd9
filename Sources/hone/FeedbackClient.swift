import Foundation
import Honing
import Ingest

/// The daemon's public face, as any client meets it: labels are taken there and nowhere else.
struct FeedbackClient {
    private let address: String
    private let key: String?
    private let web = WebClient()

    /// - Throws: `Failure` where the key that clients must send cannot be read.
    init(_ settings: ServerSettings) throws {
        // An address that stands for all of this machine's is asked on the loopback.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][settings.host] ?? settings.host
        address = "http://\(host.contains(":") ? "[\(host)]" : host):\(settings.port)"
        key = try settings.apiKeyFile.map(Self.key)
    }

    private static func key(_ file: String) throws -> String {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Failure(
                .notPermitted,
                "the daemon asks for the key in \(file) (server.api_key_file), which you may not read: run as root"
            )
        }
        return String(String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline })
            .trimmingCharacters(in: .whitespaces)
    }

    /// What became of each row, once all are on the disk.
    struct Answer: Decodable {
        var accepted: Int
        var results: [FeedbackResult]
    }

    /// - Throws: `Failure` with the daemon's own sentence where it refuses.
    func send(_ rows: some Encodable) async throws -> Answer {
        var headers = ["Content-Type": "application/json"]
        if let key { headers["Authorization"] = "Bearer \(key)" }
        let response: WebResponse
        do {
            response = try await web.send(
                WebRequest(
                    method: "POST", url: address + "/v1/feedback", headers: headers,
                    body: Array(try JSONEncoder().encode(rows))))
        } catch {
            throw Failure(
                .unavailable,
                "honed does not answer on \(address), so the label is not on the disk: start it with "
                    + "`systemctl start honed` (\(error))")
        }
        guard (200..<300).contains(response.statusCode) else {
            let sentence = try? JSONDecoder().decode([String: String].self, from: Data(response.body))[
                "error"]
            throw Failure(
                .refused, sentence ?? "the daemon answered with status \(response.statusCode)")
        }
        return try JSONDecoder().decode(Answer.self, from: Data(response.body))
    }
}
