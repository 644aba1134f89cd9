import Foundation
import Ingest

extension Checkup {
    /// Whether those who are to be told can be, without telling them anything.
    func alerts() -> [Finding] {
        configuration.alerts.routes(folder: DataDirectory(configuration.dataDirectory).alerts)
            .sorted { $0.key < $1.key }.map { name, route in
                let subject = "alerts to \(name)"
                do {
                    return Finding(subject: subject, level: .fine, message: try route.check())
                } catch {
                    return Finding(subject: subject, level: .problem, message: "\(error)")
                }
            }
    }
}

extension AlertRoute {
    /// - Returns: what is fine about it.
    /// - Throws: what would keep every message back.
    fileprivate func check() throws -> String {
        switch self {
        case .webhook(let webhook):
            try webhook.checkSecret()
            return webhook.secretFile == nil ? "posted, unsigned" : "posted and signed"
        case .command(let command):
            let program = command.arguments.first ?? ""
            guard FileManager.default.isExecutableFile(atPath: program) else {
                throw AlertCommandError.missing(program)
            }
            return "\(program) may be run"
        }
    }
}
