import Drift

// What an operator asks the daemon for: the bodies on the control socket.

/// `hone retrain`.
public struct RetrainOrder: Codable, Sendable, Equatable {
    /// What others read later; without one, "asked for by NAME".
    public var reason: String?
    /// Who asks, as the operating system knows them.
    public var requestedBy: String
    /// Promote what comes back even where the gate refuses. Needs a reason.
    public var force: Bool
    /// The one remedy to try; without one, the ladder of the configuration.
    public var level: String?

    /// What `level` may be, from cheap to dear.
    public static var levels: [String] { Remedy.allCases.map(\.rawValue) }

    public init(reason: String? = nil, requestedBy: String, force: Bool = false, level: String? = nil) {
        self.reason = reason
        self.requestedBy = requestedBy
        self.force = force
        self.level = level
    }

    /// - Throws: `ControlError.noSuchLevel`.
    var remedy: Remedy? {
        get throws(ControlError) {
            guard let level else { return nil }
            guard let remedy = Remedy(rawValue: level) else { throw .noSuchLevel(level) }
            return remedy
        }
    }
}

/// `hone rollback` and `hone promote`.
public struct PromotionOrder: Codable, Sendable, Equatable {
    /// The version to make live; for a rollback `nil` means the one before the live one.
    public var version: Int?
    public var reason: String?
    public var requestedBy: String
    /// Of a promotion: past the gate. Needs a reason.
    public var force: Bool?

    public init(version: Int? = nil, reason: String? = nil, requestedBy: String, force: Bool = false) {
        self.version = version
        self.reason = reason
        self.requestedBy = requestedBy
        self.force = force ? true : nil
    }
}

/// `hone import`: a Hugging Face folder becomes a version, and the first one becomes live.
public struct ImportOrder: Codable, Sendable, Equatable {
    public var folder: String
    /// Labelled rows (JSON Lines) that belong to the model: its hold-out judges it, the rest is
    /// what later runs replay.
    public var examples: String?
    public var reason: String?
    public var requestedBy: String
    /// Make it live at once. The first version of a registry always is.
    public var promote: Bool

    public init(
        folder: String, examples: String? = nil, reason: String? = nil, requestedBy: String,
        promote: Bool = false
    ) {
        self.folder = folder
        self.examples = examples
        self.reason = reason
        self.requestedBy = requestedBy
        self.promote = promote
    }
}

/// `hone fetch`.
public struct FetchOrder: Codable, Sendable, Equatable {
    /// One source, or all of them.
    public var source: String?

    public init(source: String? = nil) {
        self.source = source
    }
}
