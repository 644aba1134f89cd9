public import Corpus
public import Tensors
public import Tokenizers

/// A tag for each word of a text, such as the names in it.
///
/// A word is what white space parts. Its first piece is asked, as Devlin et al. do; the others learn
/// nothing. Tags are read together: the most probable sequence that their scheme allows.
public struct TokenClassification: ModelTask {
    /// The tags.
    public let labels: LabelSet
    public let tokenizer: any Tokenizer
    public let maximumLength: Int
    private let scheme: TagScheme

    public init(labels: LabelSet, tokenizer: any Tokenizer, maximumLength: Int) {
        self.labels = labels
        self.tokenizer = tokenizer
        self.maximumLength = maximumLength
        scheme = TagScheme(labels.names)
    }

    /// The tags of a text's words, and how probable each is.
    public struct Answer: Sendable, Equatable {
        public var tags: [String]
        public var probabilities: [Float]

        /// The entities, in Unicode scalars of the text.
        public func spans(in text: String) -> [Target.Span] {
            let words = text.words
            return Entity.all(in: tags).map {
                Target.Span(
                    label: $0.type, start: words[$0.words.lowerBound].lowerBound,
                    end: words[$0.words.upperBound - 1].upperBound)
            }
        }
    }

    /// Of a row: the words whose first piece it holds, where that is, and its tag.
    public struct Truth: Sendable {
        var firstPieces: [(word: Int, token: Int)] = []
        /// Of each token; −1 for those that are not asked.
        var labels: [Int]
    }

    public var kind: TaskKind { .tokenClassification }

    public func model(
        from checkpoint: Checkpoint, seed: UInt64
    ) throws(CheckpointError) -> EncoderModel<TokenClassificationHead> {
        try checkpoint.model(for: kind, labels: labels, seed: seed)
    }

    /// The tags that some examples need: nothing, then for each of their types all parts of their scheme,
    /// whether or not each of them occurs.
    public static func labels(of examples: [Example]) -> LabelSet {
        var types: Set<String> = []
        var parts: Set<String> = ["B", "I"]
        for example in examples {
            switch example.target {
            case .tags(let tags):
                for tag in tags where tag != "O" {
                    types.insert(String(tag.dropFirst(2)))
                    if tag.hasPrefix("E-") || tag.hasPrefix("S-") { parts = ["B", "I", "E", "S"] }
                }
            case .spans(let spans): types.formUnion(spans.map(\.label))
            default: break
            }
        }
        let order = ["B", "I", "E", "S"].filter(parts.contains)
        return LabelSet(names: ["O"] + types.sorted().flatMap { type in order.map { $0 + "-" + type } })
    }

    /// The words that are tagged, in Unicode scalars of the text.
    public static func words(of text: String) -> [Range<Int>] { text.words }

    /// The tag of a word that is no part of anything; of tags without one, such as parts of speech, the first.
    private var outside: String { labels.names.contains("O") ? "O" : labels.names.first ?? "O" }

    /// The tags of an example, whichever way it tells them.
    public func tags(_ example: Example) throws(TaskError) -> [String] {
        let words = example.text.words
        switch example.target {
        case .tags(let tags):
            guard tags.count == words.count else { throw .tagCount(tags: tags.count, words: words.count) }
            return tags
        case .spans(let spans):
            return words.map { word in
                guard
                    let span = spans.first(where: { $0.start < word.upperBound && word.lowerBound < $0.end })
                else { return outside }
                return (word.lowerBound <= span.start ? "B-" : "I-") + span.label
            }
        default: throw .wrongTarget(kind, needs: "a tag for each word, or spans")
        }
    }

    public func rows(of example: Example) throws(TaskError) -> [TaskRow<Truth>] {
        var places: [Int] = []
        for tag in try tags(example) { places.append(try labels.place(of: tag)) }
        let words = example.text.words
        let windows: [Encoding]
        do {
            windows = try tokenizer.windows(
                example.text, pair: nil, truncation: Truncation(.onlyFirst, maximumLength: maximumLength))
        } catch { throw .truncation(error) }
        var word = 0
        return windows.map { encoding in
            var truth = Truth(labels: [Int](repeating: -1, count: encoding.ids.count))
            for token in encoding.first {
                let start = encoding.offsets[token].lowerBound
                while word < words.count, words[word].upperBound <= start { word += 1 }
                // The first token that begins in a word is its first piece; the next one is of the next.
                guard word < words.count, encoding.offsets[token].upperBound > words[word].lowerBound else {
                    continue
                }
                truth.labels[token] = places[word]
                truth.firstPieces.append((word, token))
                word += 1
            }
            return TaskRow(encoding, truth)
        }
    }

    public func loss(
        _ logits: Matrix, _ batch: TokenBatch, _ truths: [Truth], smoothing: Float
    ) -> (loss: Double, gradient: Matrix) {
        CrossEntropy.lossAndGradient(logits, labels: truths.flatMap(\.labels), smoothing: smoothing)
    }

    public func answer(_ example: Example, _ rows: [TaskRow<Truth>], logits: [Matrix]) -> Answer {
        let nothing = labels.index(of: outside) ?? 0
        // A word without a token of its own is nothing.
        var scores = [[Double]](
            repeating: labels.names.indices.map { $0 == nothing ? 0 : -1e3 }, count: example.text.words.count)
        for (row, logits) in zip(rows, logits) {
            for piece in row.truth.firstPieces {
                scores[piece.word] = Sampling.probabilities(logits[row: piece.token]).map {
                    logarithm(max($0, 1e-300))
                }
            }
        }
        let path = scheme.best(scores)
        return Answer(
            tags: path.map { labels.names[$0] },
            probabilities: zip(path, scores).map { Float(exponential($1[$0])) })
    }

    /// 1 − F1 of the text's entities; 0 where there are none and none were found.
    public func boundedLoss(_ answer: Answer, _ example: Example) -> Double {
        guard let tags = try? tags(example) else { return 1 }
        return 1 - Counts(entitiesOf: [answer.tags], wanted: [tags]).f1
    }

    public func headline(_ answers: [Answer], _ examples: [Example]) -> Double {
        Counts(entitiesOf: answers.map(\.tags), wanted: examples.map { (try? tags($0)) ?? [] }).f1
    }

    /// Of finding nothing.
    public func constantScore(over examples: [Example]) -> Double {
        1
            - mean(
                examples.map {
                    boundedLoss(Answer(tags: $0.text.words.map { _ in outside }, probabilities: []), $0)
                })
    }
}

extension String {
    /// What white space parts, in Unicode scalars.
    var words: [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for (place, scalar) in unicodeScalars.enumerated() {
            if scalar.properties.isWhitespace {
                if let begun = start { words.append(begun..<place) }
                start = nil
            } else if start == nil {
                start = place
            }
        }
        if let start { words.append(start..<unicodeScalars.count) }
        return words
    }

    /// Some of its Unicode scalars.
    func scalars(_ range: Range<Int>) -> String {
        var part = String.UnicodeScalarView()
        part.append(contentsOf: unicodeScalars.dropFirst(range.lowerBound).prefix(range.count))
        return String(part)
    }
}
