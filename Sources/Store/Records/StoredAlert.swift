public import FoundationEssentials

/// One message for one channel: a row of the table `alert`, the outbox.
public struct StoredAlert: Codable, Sendable, Equatable {
    public var id: Int64?
    /// What it tells, by the row that it was read from, as in `detection/17`. A channel is told of each once.
    public var event: String
    public var channel: String
    public var kind: String
    /// When it happened.
    public var at: Date
    /// The message, as JSON: the same bytes each time that it is sent.
    public var body: String
    public var queuedAt: Date
    public var state: State
    /// That failed.
    public var attempts: Int
    public var nextAttemptAt: Date
    /// Of a delivered one, when it was delivered.
    public var lastAttemptAt: Date?
    public var lastError: String?

    public enum State: String, Codable, Sendable {
        case waiting, delivered
        /// It could not be delivered for too long, or its channel is no more.
        case abandoned
    }

    /// A message that waits to be sent.
    public init(event: String, channel: String, kind: String, at: Date, body: String, queuedAt: Date) {
        self.event = event
        self.channel = channel
        self.kind = kind
        self.at = at
        self.body = body
        self.queuedAt = queuedAt
        state = .waiting
        attempts = 0
        nextAttemptAt = queuedAt
    }
}

/// How a channel's messages fare.
public struct AlertDelivery: Codable, Sendable, Equatable {
    public var channel: String
    public var waiting: Int
    public var delivered: Int
    public var abandoned: Int
    public var lastDeliveredAt: Date?
    /// Of the oldest one that waits: why it was not delivered, and when it is tried again.
    public var lastError: String?
    public var nextAttemptAt: Date?

    public init(channel: String) {
        self.channel = channel
        waiting = 0
        delivered = 0
        abandoned = 0
    }
}
