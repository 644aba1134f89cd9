/// How special tokens are put around one text or two: `[CLS] A [SEP]`, `[CLS] A [SEP] B [SEP]`.
/// (`TemplateProcessing` of Hugging Face's `tokenizers`.)
struct Template: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case special(id: Int32, typeID: Int32)
        case first(typeID: Int32)
        case second(typeID: Int32)
    }

    var single: [Piece]
    var pair: [Piece]

    /// Nothing around the texts.
    static let bare = Template(
        single: [.first(typeID: 0)], pair: [.first(typeID: 0), .second(typeID: 1)])

    static func bert(cls: Int32, sep: Int32) -> Template {
        let single: [Piece] = [.special(id: cls, typeID: 0), .first(typeID: 0), .special(id: sep, typeID: 0)]
        return Template(single: single, pair: single + [.second(typeID: 1), .special(id: sep, typeID: 1)])
    }

    /// `<s> A </s>` and `<s> A </s></s> B </s>`, all of type 0.
    static func roberta(cls: Int32, sep: Int32) -> Template {
        let sep = Piece.special(id: sep, typeID: 0)
        let single = [Piece.special(id: cls, typeID: 0), .first(typeID: 0), sep]
        return Template(single: single, pair: single + [sep, .second(typeID: 0), sep])
    }

    func specialCount(isPair: Bool) -> Int {
        (isPair ? pair : single).count { if case .special = $0 { true } else { false } }
    }

    func assemble(_ first: Pieces, _ second: Pieces?) -> Encoding {
        var encoding = Encoding()
        for piece in second == nil ? single : pair {
            switch piece {
            case .special(let id, let typeID): encoding.append(special: id, typeID: typeID)
            case .first(let typeID): encoding.first = encoding.append(first, typeID: typeID)
            case .second(let typeID):
                if let second { encoding.second = encoding.append(second, typeID: typeID) }
            }
        }
        return encoding
    }
}
