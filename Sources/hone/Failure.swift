import ArgumentParser
import Foundation
import Honing

/// A command that could not be carried out: a sentence for people and an exit code for scripts.
///
/// The codes are those of `sysexits.h`, listed in `hone --help`.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        case refused = 1
        case usage = 64
        case data = 65
        case unavailable = 69
        case file = 74
        case notPermitted = 77
        case configuration = 78
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// Runs a command's body; a failure is printed to standard error and ends the process with its code.
func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as ExitCode {
        throw error
    } catch let error as ValidationError {
        // The parser's own: it tells the usage too.
        throw error
    } catch {
        FileHandle.standardError.write(Data("hone: \(error)\n".utf8))
        throw ExitCode(Failure.code(of: error).rawValue)
    }
}

extension Failure {
    fileprivate static func code(of error: any Error) -> Code {
        if let failure = error as? Failure { return failure.code }
        return switch Fault(of: error) {
        case .arguments: .usage
        case .data: .data
        case .file: .file
        case .configuration: .configuration
        case .unavailable: .unavailable
        case .notPermitted: .notPermitted
        case nil: .refused
        }
    }
}
