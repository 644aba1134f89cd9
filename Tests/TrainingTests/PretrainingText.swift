import Foundation

/// Text that has something to learn: few words, of which some always follow others.
enum PretrainingText {
    /// Documents of a few sentences each, with an empty line between them.
    static func documents(_ count: Int) -> String {
        let subjects = [
            "the old river", "a small bird", "the night train", "my quiet neighbour", "the green door",
        ]
        let verbs = ["carries", "remembers", "follows", "avoids"]
        let objects = ["the morning light", "an empty letter", "every second sunday", "the sound of rain"]
        return (0..<count).map { number in
            (0..<3).map { line in
                let n = number * 7 + line * 3
                return
                    "\(subjects[n % 5]) \(verbs[n / 2 % 4]) \(objects[(n + number / 5) % 4]) , number \(number) .\n"
            }.joined()
        }.joined(separator: "\n")
    }

    static func file(_ folder: ScratchFolder, _ text: String, name: String = "text.txt") throws -> String {
        try Data(text.utf8).write(to: URL(filePath: folder.path + "/" + name))
        return folder.path + "/" + name
    }
}
