import Glibc
import NIOCore
import ServiceLifecycle

/// Why nobody can be let in.
public struct ListeningError: Error, CustomStringConvertible {
    let place: String
    let cause: String
    let remedy: String

    public var description: String { "nothing can listen on \(place): \(cause): \(remedy)" }
}

/// A server that says in a sentence why it cannot listen.
struct Listener<Application: Service>: Service {
    let application: Application
    /// Where it listens, and what to do when it cannot.
    let place: String
    let remedy: String

    func run() async throws {
        do {
            try await application.run()
        } catch let error as IOError {
            let cause = unsafe String(cString: strerror(error.errnoCode))
            throw ListeningError(place: place, cause: cause, remedy: remedy)
        }
    }
}
