import Foundation
import TestSupport
import Testing
import Transformers

/// Against seqeval and SQuAD's scorer; see `Tests/Reference/seqeval_metrics.py`.
@Suite struct MetricsTests {
    private struct Case: Decodable {
        var wanted: [[String]]
        var found: [[String]]
        var precision: Double
        var recall: Double
        var f1: Double
        /// Type, first and last word.
        var entities: [[[Part]]]

        enum Part: Decodable, Equatable {
            case text(String)
            case place(Int)

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                if let place = try? value.decode(Int.self) {
                    self = .place(place)
                } else {
                    self = .text(try value.decode(String.self))
                }
            }
        }
    }

    private struct Scored: Decodable {
        var answer: String
        var right: [String]
        var exact: Double
        var f1: Double
    }

    private struct Reference: Decodable {
        var cases: [Case]
        var answers: [Scored]
    }

    private func reference() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: fixture("metrics/metrics.json"))
    }

    @Test func `entities are those of seqeval, in broken schemes too`() throws {
        for expected in try reference().cases {
            for (tags, entities) in zip(expected.found, expected.entities) {
                let found = Entity.all(in: tags).map {
                    [Case.Part.text($0.type), .place($0.words.lowerBound), .place($0.words.upperBound - 1)]
                }
                #expect(found == entities, "\(tags)")
            }
        }
    }

    @Test func `precision, recall and F1 are those of seqeval`() throws {
        for expected in try reference().cases {
            let counts = Counts(entitiesOf: expected.found, wanted: expected.wanted)
            #expect(abs(counts.precision - expected.precision) < 1e-12)
            #expect(abs(counts.recall - expected.recall) < 1e-12)
            #expect(abs(counts.f1 - expected.f1) < 1e-12)
        }
    }

    @Test func `counts of the types add up to those of all`() throws {
        let expected = try reference().cases[0]
        let parts = ["PER", "LOC"].map {
            Counts(entitiesOf: expected.found, wanted: expected.wanted, type: $0)
        }
        var sum = parts[0]
        sum += parts[1]
        #expect(sum == Counts(entitiesOf: expected.found, wanted: expected.wanted))
    }

    @Test func `exact match and F1 of answers are those of SQuAD's scorer`() throws {
        for expected in try reference().answers {
            let score = AnswerScore(expected.answer, right: expected.right)
            #expect(score.exactMatch == expected.exact, "\(expected.answer) for \(expected.right)")
            #expect(abs(score.f1 - expected.f1) < 1e-6, "\(expected.answer) for \(expected.right)")
        }
    }
}
