/// What may stand where entities are named, whichever file says so.
enum NamedEntities {
    /// - Throws: for a tag of another scheme than BIO or BIOES.
    static func check(tag: String) throws(RowProblem) {
        let parts = tag.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let isMarked = parts.count == 2 && ["B", "I", "E", "S"].contains(parts[0]) && !parts[1].isEmpty
        guard tag == "O" || isMarked, tag.utf8.count <= 200 else {
            throw RowProblem(
                "the tag \"\(tag.prefix(40))\" is neither O nor B-, I-, E- or S- with a type behind it: "
                    + "write BIO or BIOES")
        }
    }

    /// Whether a word is to be kept: one of nothing but white space, which no entity holds, is not.
    ///
    /// - Throws: for a word that would be two, or none in an entity.
    static func isWord(_ word: String, tag: String) throws(RowProblem) -> Bool {
        guard !word.utf8.contains(0) else { throw RowProblem("the word holds a NUL character") }
        guard !word.isEmpty else {
            guard tag == "O" else { throw RowProblem("the word of the tag \(tag) is empty") }
            return false
        }
        guard !word.unicodeScalars.contains(where: \.properties.isWhitespace) else {
            throw RowProblem(
                "the word \"\(word.prefix(40))\" holds white space: give each part its own line and tag")
        }
        return true
    }

    /// The same tags with a beginning for each entity.
    static func begun(_ tags: [String]) -> [String] {
        var last = "O"
        return tags.map { tag in
            defer { last = tag }
            let goesOn = (last.hasPrefix("B-") || last.hasPrefix("I-")) && last.dropFirst() == tag.dropFirst()
            return tag.hasPrefix("I-") && !goesOn ? "B" + tag.dropFirst() : tag
        }
    }

    /// - Throws: for tags of another scheme, or not one for each word that white space parts.
    static func check(_ tags: [String], in text: String) throws(RowProblem) {
        for tag in tags { try check(tag: tag) }
        let words = text.split { $0.unicodeScalars.contains(where: \.properties.isWhitespace) }.count
        guard tags.count == words else {
            throw RowProblem(
                "the row has \(tags.count) tags for \(words) words: each word that white space parts needs one"
            )
        }
    }

    /// - Throws: for a span that does not lie in the text, or over another one.
    static func check(_ spans: [Target.Span], in text: String) throws(RowProblem) {
        let length = text.unicodeScalars.count
        var end = 0
        for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            guard span.start >= 0, span.start < span.end, span.end <= length else {
                throw RowProblem(
                    "a span reaches from \(span.start) to \(span.end) in a text of \(length) characters: "
                        + "starts and ends count Unicode scalars, the end is behind the last one")
            }
            guard span.start >= end else {
                throw RowProblem("two spans lie over each other at \(span.start): only one may name a word")
            }
            guard !span.label.isEmpty, span.label.utf8.count <= 200 else {
                throw RowProblem("a span has no label, or one of more than 200 bytes")
            }
            end = span.end
        }
    }
}
