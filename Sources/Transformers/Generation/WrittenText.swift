import Foundation
import Tokenizers

/// The text so far, and how much of it is certain: what may be the beginning of a stop string is held
/// back, as `TextStream` does with the beginning of a character.
struct WrittenText {
    let stops: [String]
    private(set) var ids: [Int32] = []
    private(set) var isStopped = false
    private var stream: TextStream
    private var text = ""
    /// Scalars that were told already.
    private var told = 0

    init(tokenizer: any Tokenizer, stops: [String]) {
        stream = tokenizer.textStream(skipsSpecial: true)
        self.stops = stops.filter { !$0.isEmpty }
    }

    /// - Returns: what is new and certain; `nil` for nothing yet.
    mutating func append(_ id: Int32) -> String? {
        ids.append(id)
        text += stream.append(id)
        stopIfDue()
        guard !isStopped else { return nil }
        let scalars = Array(text.unicodeScalars)
        var certain = scalars.count
        for stop in stops.map({ Array($0.unicodeScalars) }) {
            for length in stride(from: min(stop.count - 1, scalars.count), to: 0, by: -1)
            where scalars.suffix(length).elementsEqual(stop.prefix(length)) {
                certain = min(certain, scalars.count - length)
                break
            }
        }
        return piece(to: certain, of: scalars)
    }

    private mutating func stopIfDue() {
        guard let stop = stops.compactMap({ text.range(of: $0)?.lowerBound }).min() else { return }
        text = String(text[..<stop])
        isStopped = true
    }

    private mutating func piece(to certain: Int, of scalars: [Unicode.Scalar]) -> String? {
        guard certain > told else { return nil }
        defer { told = certain }
        var piece = String.UnicodeScalarView()
        piece.append(contentsOf: scalars[told..<certain])
        return String(piece)
    }

    /// Tells what was held back, and what there is in all.
    mutating func generation(
        _ ending: Generation.Ending, prompt: Int, _ receive: (String) -> Bool
    ) -> Generation {
        if !isStopped {
            text += stream.finish()
            stopIfDue()
        }
        let scalars = Array(text.unicodeScalars)
        if let piece = piece(to: scalars.count, of: scalars) { _ = receive(piece) }
        return Generation(
            ids: ids, text: text, ending: isStopped ? .stop : ending, promptTokens: prompt)
    }
}
