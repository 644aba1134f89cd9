/// A guess of the language that a text is in, from its script and its commonest little words.
///
/// It tells a feed that changed its language from one that did not, no more: short texts have no
/// guess, and of languages that share their little words the wrong one may win.
package enum LanguageGuess {
    /// An ISO 639-1 code, the name of a script that is not Latin, or nil where nothing can be said.
    package static func of(_ text: String) -> String? {
        let script = Self.script(of: text)
        guard script == "latin" else { return script }
        var hits: [String: Int] = [:]
        for word in HashedWords(text).words {
            for language in littleWords[word] ?? [] { hits[language, default: 0] += 1 }
        }
        let ranked = hits.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard let best = ranked.first, best.value >= 2 else { return nil }
        return ranked.count > 1 && ranked[1].value == best.value ? nil : best.key
    }

    private static let scripts: [(name: String, ranges: [ClosedRange<UInt32>])] = [
        ("latin", [0x41...0x5A, 0x61...0x7A, 0xC0...0x24F]), ("greek", [0x370...0x3FF]),
        ("cyrillic", [0x400...0x52F]), ("hebrew", [0x590...0x5FF]), ("arabic", [0x600...0x6FF]),
        ("devanagari", [0x900...0x97F]), ("thai", [0xE00...0xE7F]), ("kana", [0x3040...0x30FF]),
        ("hangul", [0x1100...0x11FF, 0xAC00...0xD7AF]), ("han", [0x4E00...0x9FFF]),
    ]

    /// The script of most letters; nil for fewer than four letters.
    private static func script(of text: String) -> String? {
        var counts = [Int](repeating: 0, count: scripts.count)
        for scalar in text.unicodeScalars.prefix(2_000) {
            if let place = scripts.firstIndex(where: { $0.ranges.contains { $0.contains(scalar.value) } }) {
                counts[place] += 1
            }
        }
        guard let most = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[most] >= 4 else {
            return nil
        }
        return scripts[most].name
    }

    /// The languages of each little word.
    private static let littleWords: [String: [String]] = {
        let lists = [
            "en":
                "the and of to in is it that was for on are with as i you he she they this but not be have had",
            "de":
                "der die das und ist nicht ein eine zu den mit von auf für ich sie es im dem auch war wie aber",
            "fr": "le la les et est un une des du que qui dans pour pas il elle je ne en ce sur avec au plus",
            "es": "el la los las y es un una de que en no se por con para su lo como más pero muy del al",
            "it": "il la lo gli e è un una di che in non per con del della sono si ma come più anche questo",
            "pt": "o a os as e é um uma de que em não se por com para do da no na mais mas muito como",
            "nl": "de het een en is van in dat niet op te zijn met voor ik je die er maar ook als aan",
            "pl": "i w nie na się z do to jest że o jak ale po co tak za od był przez dla są",
            "tr": "bir ve bu da de için çok ne ile daha ama gibi var olarak o mi en kadar sonra her",
        ]
        var words: [String: [String]] = [:]
        for (language, list) in lists {
            for word in list.split(separator: " ") { words[String(word), default: []].append(language) }
        }
        return words
    }()
}
