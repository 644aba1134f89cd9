import FoundationEssentials
import Honing

/// The body of `POST /v1/feedback`: one row or an array of rows.
///
/// ```
/// [{"id": "the x-request-id of the answer", "item": 0, "label": "positive"},
///  {"text": "in Rome", "spans": [{"label": "LOC", "start": 3, "end": 7}]},
///  {"text": "…", "label": "negative", "ts": "2026-11-23T10:00:00Z", "source": "audit_random"}]
/// ```
///
/// `metadata` is an object of plain texts by which rows can be told apart, such as a country or a product.
/// `propensity` is the chance with which the row was drawn for a label, where it was drawn by lot.
struct FeedbackRequest: Decodable {
    let rows: [Row]

    struct Row: Decodable {
        var id: String?
        var item: Int?
        var text: String?
        var pair: String?
        /// Under its own names, beside the others.
        var truth: FeedbackTruth
        var weight: Double?
        var source: String?
        var ts: Timestamp?
        var propensity: Double?
        var metadata: [String: String]?

        enum CodingKeys: String, CodingKey {
            case id, item, text, weight, source, ts, propensity, metadata
            case pair = "text_pair"
        }

        init(from decoder: any Decoder) throws {
            let row = try decoder.container(keyedBy: CodingKeys.self)
            id = try row.decodeIfPresent(String.self, forKey: .id)
            item = try row.decodeIfPresent(Int.self, forKey: .item)
            text = try row.decodeIfPresent(String.self, forKey: .text)
            pair = try row.decodeIfPresent(String.self, forKey: .pair)
            weight = try row.decodeIfPresent(Double.self, forKey: .weight)
            source = try row.decodeIfPresent(String.self, forKey: .source)
            ts = try row.decodeIfPresent(Timestamp.self, forKey: .ts)
            propensity = try row.decodeIfPresent(Double.self, forKey: .propensity)
            metadata = try row.decodeIfPresent([String: String].self, forKey: .metadata)
            truth = try FeedbackTruth(from: decoder)
        }
    }

    init(from decoder: any Decoder) throws {
        // What is wrong with a single row is told of it, and not that it is no array.
        let isOne = (try? decoder.container(keyedBy: Row.CodingKeys.self)) != nil
        rows = isOne ? [try Row(from: decoder)] : try [Row](from: decoder)
    }
}

/// A moment: ISO 8601, or seconds since 1970.
struct Timestamp: Decodable {
    let date: Date

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let seconds = try? value.decode(Double.self) {
            guard abs(seconds) < 1e11 else {
                throw ErrorResponse.validation("\"ts\" is in seconds since 1970; \(seconds) is too far away")
            }
            date = Date(timeIntervalSince1970: seconds)
        } else {
            let text = try value.decode(String.self)
            guard let parsed = try? Date(text, strategy: .iso8601) else {
                throw ErrorResponse.validation(
                    "\"ts\" \"\(text)\" is not ISO 8601, such as 2026-11-23T10:00:00Z")
            }
            date = parsed
        }
    }
}

/// The answer: what became of each row, in the order of the rows.
struct FeedbackResponse: Encodable {
    var accepted = 0
    var duplicates = 0
    var rejected = 0
    var results: [FeedbackResult] = []

    init(_ results: [FeedbackResult]) {
        self.results = results
        for result in results {
            switch result.status {
            case .accepted: accepted += 1
            case .duplicate: duplicates += 1
            case .rejected: rejected += 1
            }
        }
    }
}
