/// The known word that a mistyped one most likely stands for; `nil` where none is near.
///
/// Near means: at most a third of the letters are inserted, left out, exchanged or swapped with
/// their neighbour, or one is the beginning of the other. Dashes and capitals do not count.
func suggestion(for word: String, among known: [String]) -> String? {
    guard word.count <= 64 else { return nil }
    let plain = normalized(word)
    let best = known.map { (word: $0, distance: editDistance(plain, normalized($0))) }
        .min { ($0.distance, $0.word) < ($1.distance, $1.word) }
    if plain.count >= 4, let longer = known.sorted().first(where: { normalized($0).starts(with: plain) }) {
        return longer
    }
    guard let best, best.distance <= max(1, min(plain.count, best.word.count) / 3) else { return nil }
    return best.word
}

private func normalized(_ word: String) -> [Character] {
    Array(word.lowercased().replacing("-", with: "_"))
}

/// The optimal string alignment distance: Levenshtein's with swaps of neighbours.
/// Source: <https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance>.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var table = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { table[i][0] = i }
    for j in 0...b.count { table[0][j] = j }
    for i in 0..<a.count {
        for j in 0..<b.count {
            let replaced = table[i][j] + (a[i] == b[j] ? 0 : 1)
            var least = min(table[i][j + 1] + 1, table[i + 1][j] + 1, replaced)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                least = min(least, table[i - 1][j - 1] + 1)
            }
            table[i + 1][j + 1] = least
        }
    }
    return table[a.count][b.count]
}
