public import Tensors
public import Tokenizers

/// A text made ready for a model: what the network reads of it, a row or several where it is too long for
/// one, and how what the network says of these is read.
public struct AskedText<Answer: Sendable>: Sendable {
    public let encodings: [Encoding]
    private let reading: @Sendable ([Matrix]) -> Answer

    init(_ encodings: [Encoding], reading: @escaping @Sendable ([Matrix]) -> Answer) {
        self.encodings = encodings
        self.reading = reading
    }

    /// - Parameter logits: of each of its encodings, in their order.
    public func answer(_ logits: [Matrix]) -> Answer { reading(logits) }

    func map<Other: Sendable>(_ transform: @escaping @Sendable (Answer) -> Other) -> AskedText<Other> {
        AskedText<Other>(encodings) { [reading] in transform(reading($0)) }
    }
}

extension Array {
    /// What the logits of all texts' encodings, one text's after the other's, say of each text.
    public func answers<Answer: Sendable>(_ logits: [Matrix]) -> [Answer] where Element == AskedText<Answer> {
        var rest = logits[...]
        return map { text in
            let own = Array<Matrix>(rest.prefix(text.encodings.count))
            rest = rest.dropFirst(own.count)
            return text.answer(own)
        }
    }
}
