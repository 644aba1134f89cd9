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

    static func bert(cls: Int32, sep: Int32) -> Template {
        let single: [Piece] = [.special(id: cls, typeID: 0), .first(typeID: 0), .special(id: sep, typeID: 0)]
        return Template(single: single, pair: single + [.second(typeID: 1), .special(id: sep, typeID: 1)])
    }

    func specialCount(isPair: Bool) -> Int {
        (isPair ? pair : single).count { if case .special = $0 { true } else { false } }
    }

    func assemble(_ first: Pieces, _ second: Pieces?) -> Encoding {
        var encoding = Encoding()
        for piece in second == nil ? single : pair {
            switch piece {
            case .special(let id, let typeID): encoding.append(id, typeID: typeID, offsets: 0..<0)
            case .first(let typeID): encoding.append(first, typeID)
            case .second(let typeID): if let second { encoding.append(second, typeID) }
            }
        }
        return encoding
    }

    /// Cuts the longer text first, until both together fit. (`longest_first` of `tokenizers`.)
    ///
    /// - Returns: whether anything was cut.
    static func truncate(_ first: inout Pieces, _ second: inout Pieces?, to room: Int) -> Bool {
        guard let other = second else {
            let isTruncated = first.ids.count > room
            first.truncate(to: room)
            return isTruncated
        }
        let (a, b) = (first.ids.count, other.ids.count)
        guard a + b > room else { return false }
        var short = min(a, b)
        var long = short > room ? short : max(short, room - short)
        if short + long > room {
            short = room / 2
            long = short + room % 2
        }
        first.truncate(to: a <= b ? short : long)
        second?.truncate(to: a <= b ? long : short)
        return true
    }
}

extension Encoding {
    fileprivate mutating func append(_ pieces: Pieces, _ typeID: Int32) {
        ids += pieces.ids
        offsets += pieces.offsets
        typeIDs += repeatElement(typeID, count: pieces.ids.count)
    }
}
