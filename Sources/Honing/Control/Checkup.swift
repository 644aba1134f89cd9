import Corpus
import Foundation
import Ingest
import Logging
import Store
import Transformers

/// Looks at everything that could go wrong before it does.
public struct Checkup: Sendable {
    let configuration: HonedConfiguration
    private let reachSources: Bool

    public init(_ configuration: HonedConfiguration, reachSources: Bool) {
        self.configuration = configuration
        self.reachSources = reachSources
    }

    /// One thing that was looked at.
    public struct Finding: Codable, Sendable, Equatable {
        public enum Level: String, Codable, Sendable { case fine, note, problem }

        public var subject: String
        public var level: Level
        public var message: String

        /// The finding on one line.
        public func line(colour: Bool) -> String {
            let (sign, code) =
                switch level {
                case .fine: ("✓", "32")
                case .note: ("·", "33")
                case .problem: ("✗", "31")
                }
            return (colour ? "\u{1B}[\(code)m\(sign)\u{1B}[0m" : sign) + " \(subject): \(message)"
        }
    }

    public func run() async -> [Finding] {
        var findings = [
            Finding(subject: "configuration", level: .fine, message: "every setting is understood")
        ]
        findings.append(dataDirectory())
        findings.append(controlSocket())
        findings += await model()
        findings += await sources()
        findings += alerts()
        return findings
    }

    private func dataDirectory() -> Finding {
        let path = configuration.dataDirectory
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return Finding(
                subject: "data", level: .note,
                message: "\(path) does not exist yet; honed makes it at its first start")
        }
        guard isFolder.boolValue else {
            return Finding(
                subject: "data", level: .problem,
                message: "\(path) is no folder: name another under data_directory")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            return Finding(
                subject: "data", level: .problem,
                message:
                    "\(path) is not writable for this user: run as root, or `chown` it to the daemon's user")
        }
        let free =
            (try? FileManager.default.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? NSNumber)?
            .int64Value ?? 0
        guard free > 1_000_000_000 else {
            return Finding(
                subject: "data", level: .problem,
                message: "only \(free / 1_000_000) MB are free at \(path): a retrain needs about 1 GB")
        }
        return Finding(
            subject: "data", level: .fine, message: "\(path) is writable, \(free / 1_000_000_000) GB are free"
        )
    }

    private func controlSocket() -> Finding {
        let folder = URL(filePath: configuration.control.socket).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            return Finding(
                subject: "control", level: .note,
                message:
                    "\(folder) does not exist: systemd makes it when the service starts; by hand, `mkdir` it")
        }
        return Finding(subject: "control", level: .fine, message: configuration.control.socket)
    }

    private func model() async -> [Finding] {
        let places = DataDirectory(configuration.dataDirectory)
        guard FileManager.default.fileExists(atPath: places.database) else {
            return [
                Finding(
                    subject: "model", level: .note,
                    message: "the registry is empty: `hone import FOLDER` brings a first model in")
            ]
        }
        do {
            let store = try Database.openReadOnly(at: places.database)
            guard let live = try await store.livePromotion() else {
                return [
                    Finding(
                        subject: "model", level: .note,
                        message: "no version is live: `hone import FOLDER` brings one in")
                ]
            }
            let registry = try ModelRegistry(root: places.registry)
            try registry.verify(live.version)
            let served = try ServedTask(folder: registry.directory(of: live.version))
            let labels = served.labels.names.joined(separator: ", ")
            return [
                Finding(
                    subject: "model", level: .fine,
                    message: "version \(live.version) is whole and loads; "
                        + (labels.isEmpty ? "task \(served.kind.rawValue)" : "labels \(labels)"))
            ]
        } catch {
            return [Finding(subject: "model", level: .problem, message: "\(error)")]
        }
    }

    private func sources() async -> [Finding] {
        guard !configuration.sources.isEmpty else {
            return [
                Finding(
                    subject: "sources", level: .note,
                    message: "none is configured: labels can still come by POST /v1/feedback")
            ]
        }
        guard reachSources else { return [] }
        let fetcher = Fetcher(
            logger: Logger(label: "hone") { _ in SwiftLogNoOpLogHandler() }, userAgent: "honed/\(honeVersion)"
        )
        var findings: [Finding] = []
        for settings in configuration.sources {
            var source = Source(settings)
            source.retries = 0
            let subject = "source \(source.name)"
            do {
                let page = try await fetcher.fetch(source, from: SourceState())
                let rejected = page.rejected.first.map { "; line \($0.line) is no row: \($0.reason)" } ?? ""
                findings.append(
                    Finding(
                        subject: subject,
                        level: page.examples.isEmpty && !page.rejected.isEmpty ? .problem : .fine,
                        message:
                            "answers with \(page.examples.count) rows, \(page.rejected.count) unusable\(rejected)"
                    ))
            } catch {
                findings.append(Finding(subject: subject, level: .problem, message: "\(error)"))
            }
        }
        return findings
    }
}
