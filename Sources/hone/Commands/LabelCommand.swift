import ArgumentParser
import Foundation
import Honing

struct LabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Label the answers that are worth it: a random share to see, a doubtful share to learn.",
        discussion: """
            Shows texts that the live version answered, one after another, without its answer, and takes one key a \
            label: s skips, u takes the last label back, q ends. A share of them is drawn by plain lot; only \
            those labels count in the estimate of accuracy. The others are drawn in proportion to the model's doubt and \
            are learned from. Labels go to the daemon as every client's feedback and are on the disk before the next is \
            sent. Where standard input is no terminal, keys are read from it.

            EXAMPLES
              hone label --count 50
              hone label --list      what would be shown, and what labels would settle
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(help: "Texts to label.")
    var count = 20

    @Option(name: .customLong("audit-share"), help: "The share that is drawn by plain lot, from 0 to 1.")
    var auditShare = 0.5

    @OptionGroup var stretch: SinceOption

    @Flag(help: "Only show what would be labelled; needs no daemon.")
    var list = false

    func validate() throws {
        guard count > 0, count <= 1_000 else { throw ValidationError("--count lies between 1 and 1000") }
        guard auditShare >= 0, auditShare <= 1 else {
            throw ValidationError("--audit-share lies between 0 and 1")
        }
    }

    func run() async throws {
        try await reporting {
            let queue = try await LabelDesk(daemon.configuration()).queue(
                count, auditShare: auditShare, since: try stretch.date())
            if daemon.json { return try Terminal.print(json: queue) }
            print(queue.summary)
            if list { return print(queue.listing) }
            guard !queue.items.isEmpty else { return }
            guard let session = LabelSession(queue) else {
                throw Failure(
                    .refused,
                    "\(queue.labels.count) labels are more than there are keys (\(LabelSession.keys.count)): send them "
                        + "to POST /v1/feedback")
            }
            try await label(session)
        }
    }

    private func label(_ session: LabelSession) async throws {
        var session = session
        var given = 0
        let client = try FeedbackClient(daemon.configuration().server)
        let keys = KeyReader()
        defer { keys.close() }
        while !session.isOver {
            if let page = session.page { print(page) }
            let effects: [LabelSession.Effect]
            if let key = keys.next() { effects = session.press(key) } else { effects = session.end() }
            for effect in effects {
                switch effect {
                case .given(let label):
                    given += try await send(label, client)
                case .unknown: Terminal.note("that key means nothing here")
                case .moved: break
                }
            }
        }
        print(given == 1 ? "1 label is on the disk." : "\(given) labels are on the disk.")
    }

    /// - Returns: how many labels became new rows.
    private func send(_ label: GivenLabel, _ client: FeedbackClient) async throws -> Int {
        let answer = try await client.send([Row(label)])
        if let refusal = answer.results.first(where: { $0.status == .rejected }) {
            throw Failure(.refused, "the label was not taken: \(refusal.message ?? "no reason was given")")
        }
        return answer.accepted
    }

    private struct Row: Encodable {
        var text: String
        var pair: String?
        var label: String
        var source: String
        var propensity: Double
        /// Seconds since 1970.
        var ts: Double

        enum CodingKeys: String, CodingKey {
            case text, label, source, propensity, ts
            case pair = "text_pair"
        }

        init(_ given: GivenLabel) {
            text = given.item.text
            pair = given.item.pair
            label = given.label
            source = given.item.source
            propensity = given.item.propensity
            ts = given.item.answeredAt.timeIntervalSince1970
        }
    }
}
