import Drift
import Store

extension LabelOrigin {
    /// How a row was chosen, by the source that feedback named. A feed, and a client that does not say, is taken at its
    /// word to send a fair sample of what is served.
    ///
    /// - Parameter apart: feeds that say of themselves that they do not.
    init(source: String, apart: Set<String> = []) {
        switch source {
        case "user_correction": self = .correction
        case "active": self = .active
        default: self = apart.contains(source) ? .bulk : .audit
        }
    }
}

extension [StoredExample] {
    /// Those that may speak for all: corrections flatter whoever comes next, and so do rows of the live version's doubt.
    func representative(apart: Set<String>) -> [StoredExample] {
        filter { LabelOrigin(source: $0.source, apart: apart).isRepresentative }
    }
}
