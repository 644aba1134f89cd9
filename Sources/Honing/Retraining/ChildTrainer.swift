import Foundation

extension Retrainer {
    /// The production trainer: `hone train --run DIRECTORY` as a child process.
    public static func childTrainer(executable: String) throws -> Trainer {
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw RetrainError.trainerMissing(path: executable)
        }
        return { directory, started in
            let child = ChildProcess(
                executable: executable, arguments: ["train", "--run", directory.path, "--json"],
                logFile: directory.trainerLog)
            let ending = try await child.run(started: started)
            guard ending != .exited(0) else { return }
            let status =
                switch ending {
                case .exited(let code): "ended with status \(code)"
                case .signalled(let signal): "was killed by signal \(signal)"
                }
            let words = lastLine(of: directory.trainerLog)
            throw RetrainError.trainerFailed(status: status, lastWords: words, log: directory.trainerLog)
        }
    }

    private static func lastLine(of file: String) -> String {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return String(text.split(separator: "\n").last?.prefix(500) ?? "")
    }
}
