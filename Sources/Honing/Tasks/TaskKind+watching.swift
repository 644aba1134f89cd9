public import Corpus

extension TaskKind {
    /// Whether labelled rows of the task are taken in, watched and learned from, or models of it only served.
    public var isWatched: Bool { self == .textClassification }

    /// What has to be said of a version whose task is only served; `nil` of others.
    func caveat(version: Int) -> String? {
        isWatched
            ? nil
            : "version \(version) is served, and neither watched nor retrained: "
                + "the daemon does not learn from rows of \(rawValue) yet"
    }
}

extension LiveModel {
    /// - Throws: `ControlError.notWatched` where nothing can be learned from labelled rows.
    func checkIsWatched() throws(ControlError) {
        if let caveat = task.caveat(version: version) { throw .notWatched(caveat) }
    }
}
