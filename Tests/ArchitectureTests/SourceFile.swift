import Foundation

/// A file of the project, read for its outer form only.
struct SourceFile {
    /// Below the project's folder, such as `Sources/Store/Database.swift`.
    let path: String
    let lines: [Substring]
    private let bytes: Data

    init(path: String, text: String) {
        self.path = path
        bytes = Data(text.utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The room that a file under `Sources` stands in.
    var room: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    var isSwift: Bool { path.hasSuffix(".swift") }
    /// The line break that ends the last line begins no other.
    var lineCount: Int { lines.count - (lines.last?.isEmpty == true ? 1 : 0) }

    /// Whether some bytes stand anywhere in the file. A whole project is searched in milliseconds,
    /// which the search in strings, made for all of Unicode, is not.
    func contains(_ word: String) -> Bool {
        bytes.range(of: Data(word.utf8)) != nil
    }

    /// The modules that a Swift file imports, whatever stands before the word.
    var imports: [String] {
        let before: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
        ]
        return lines.compactMap { line in
            guard let first = line.utf8.first(where: { $0 != UInt8(ascii: " ") }), "@fip".utf8.contains(first)
            else {
                return nil
            }
            var words = line.split(separator: " ").drop { $0.hasPrefix("@") || before.contains($0) }
            guard words.popFirst() == "import" else { return nil }
            if let kind = words.first, kinds.contains(kind) { words.removeFirst() }
            return words.first.map { String($0.prefix { $0 != "." }) }
        }
    }

    /// The headers that a C file includes, by their last component.
    var includes: [String] {
        lines.compactMap { line in
            let words = line.drop { $0 == " " || $0 == "#" }
            guard line.first == "#", words.hasPrefix("include") else { return nil }
            let name = words.split(whereSeparator: { "<>\"".contains($0) }).dropFirst().first
            return name?.split(separator: "/").last.map(String.init)
        }
    }

    /// All Swift, C and header files below a folder of the project, in a fixed order.
    static func all(below folder: String) throws -> [SourceFile] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder)
        return try names.sorted().compactMap { name in
            guard [".swift", ".c", ".h"].contains(where: name.hasSuffix) else { return nil }
            let path = folder + "/" + name
            return SourceFile(
                path: path, text: try String(contentsOfFile: root + "/" + path, encoding: .utf8))
        }
    }

    /// The project's folder: three steps up from this very file.
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(3).joined(separator: "/")
}
