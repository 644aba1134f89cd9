import FoundationEssentials
import Glibc

extension HubClient {
    /// Fetches a model into a folder, which is there once all of it is.
    ///
    /// Until then its files lie beside the folder, in one that is named by the commit; a pull that was
    /// interrupted goes on from there.
    ///
    /// - Parameter progress: is told which file is on its way and how many of its bytes there are, on
    ///   another thread.
    /// - Returns: what was fetched.
    /// - Throws: `HubError`, `CancellationError`.
    @discardableResult
    public func pull(
        _ model: HubModel, into folder: String,
        progress: @escaping @Sendable (HubSnapshot.File, Int) -> Void = { _, _ in }
    ) async throws -> HubSnapshot {
        guard FileFacts(folder) == nil else { throw HubError.occupied(folder) }
        let snapshot = try await snapshot(of: model)
        let staging = "\(folder).\(snapshot.commit.prefix(12)).partial"
        do {
            try FileManager.default.createDirectory(atPath: staging, withIntermediateDirectories: true)
        } catch {
            throw HubError.unwritable(staging, why: lastError())
        }
        for file in snapshot.files {
            try await download(
                file, of: model, commit: snapshot.commit, to: staging + "/" + file.name
            ) { progress(file, $0) }
        }
        // An empty folder gives way, a filled one that came meanwhile does not.
        guard unsafe rename(staging, folder) == 0 else {
            throw errno == ENOTEMPTY || errno == EEXIST
                ? HubError.occupied(folder) : HubError.unwritable(folder, why: lastError())
        }
        return snapshot
    }
}
