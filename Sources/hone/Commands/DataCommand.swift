import ArgumentParser
import Corpus
import Honing

struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Look at files of rows, check, divide, clean and convert them.",
        discussion: """
            Rows are JSON Lines, CSV, TSV, CoNLL, SQuAD or plain text in UTF-8; - is standard input. Files are \
            read twice and never held: a million rows need some hundred megabytes.

            EXAMPLES
              hone data inspect reviews.jsonl --model ./reviews-model
              hone data validate train.jsonl --against test.jsonl
              hone data split reviews.csv --output ./sides --group author
              hone data dedupe train.jsonl --against test.jsonl --output clean.jsonl
              gzip -dc tweets.csv.gz | hone data convert - --format csv --to jsonl > tweets.jsonl
            """,
        subcommands: [Inspect.self, Validate.self, Split.self, Dedupe.self, Convert.self])

    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Labels, lengths, repetitions, leaks and doubtful labels of a file.")

        @OptionGroup var rows: RowOptions
        @OptionGroup var looking: LookingOptions

        func run() async throws {
            try await reporting {
                let inspection = try looking.inspect(rows)
                if rows.json { return try Terminal.print(json: inspection) }
                print(inspection.text)
            }
        }
    }

    struct Validate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is wrong with a file; exit code 1 if anything is.",
            discussion: """
                Errors are rows that cannot be used, encodings, rows without a target or with one label alone, \
                labels that the model does not know, and leaks from the file of --against. Repetitions, \
                contradictions, rare labels, cut texts and labels in doubt are warnings.
                """)

        @OptionGroup var rows: RowOptions
        @OptionGroup var looking: LookingOptions

        @Flag(help: "Warnings are errors.")
        var strict = false

        func run() async throws {
            try await reporting {
                let findings = DataFindings(try looking.inspect(rows), isStrict: strict)
                if rows.json { try Terminal.print(json: findings) } else { print(findings.text) }
                if findings.errors > 0 { throw ExitCode(Failure.Code.refused.rawValue) }
            }
        }
    }

    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Divide a file so that each side has its share of every label.",
            discussion: """
                By the hashes of the texts: the same rows give the same sides in whatever order they stand. \
                Equal texts, rows of a group and questions about one text stay together. Rows are copied byte \
                for byte.
                """)

        @OptionGroup var rows: RowOptions

        @Option(name: .shortAndLong, help: "The folder for a file of each side.", completion: .directory)
        var output: String

        @Option(help: "The sides and their shares, which add up to 1.")
        var shares = "train=0.8,development=0.1,holdout=0.1"

        @Option(help: "A column; rows with the same value in it stay together.")
        var group: String?

        func run() async throws {
            try await reporting {
                var source = rows.source(rows.file)
                if let group { source.columns.id = group }
                let file = try DataFile(source)
                if group != nil, [.conll, .squad, .text].contains(file.format) {
                    throw ValidationError("--group needs columns, and \(file.format.title) has none")
                }
                let split = try DataSplit(
                    file, shares: try sides(), isGrouped: group != nil, to: output,
                    progress: rows.show)
                Terminal.endProgress()
                if rows.json { try Terminal.print(json: split) } else { print(split.text) }
            }
        }

        private func sides() throws -> [StratifiedSplit.Side] {
            let sides = shares.split(separator: ",").compactMap { part -> StratifiedSplit.Side? in
                let words = part.split(separator: "=")
                guard words.count == 2, let share = Double(words[1]), share > 0, !words[0].contains("/")
                else { return nil }
                return StratifiedSplit.Side(name: String(words[0]), share: share)
            }
            let total = sides.reduce(0) { $0 + $1.share }
            guard sides.count == shares.split(separator: ",").count, sides.count >= 2,
                Set(sides.map(\.name)).count == sides.count, abs(total - 1) < 1e-9
            else {
                throw ValidationError(
                    "--shares names two sides or more and what each gets, 1 together: train=0.9,test=0.1")
            }
            return sides
        }
    }

    struct Dedupe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Leave out rows that repeat others, or that are in another file.",
            discussion: """
                Of rows that say the same about the same text, or nearly it, the first stays. Rows that say \
                another thing about it stay too, and are counted, unless --drop-contradictions is given.
                """)

        @OptionGroup var rows: RowOptions
        @OptionGroup var alike: LikenessOptions

        @Option(
            name: .shortAndLong, help: "The file to write (standard output if not given).",
            completion: .file())
        var output: String?

        @Flag(help: "Of a text with several targets only the first row stays.")
        var dropContradictions = false

        func run() async throws {
            try await reporting {
                let cleaning = try DataCleaning(
                    try DataFile(rows.source(rows.file)),
                    against: try alike.against.map { try DataFile(rows.source($0)) },
                    threshold: alike.threshold, keepsContradictions: !dropContradictions, to: output,
                    progress: rows.show)
                Terminal.endProgress()
                try rows.tell(cleaning, cleaning.sentence, isBesideRows: output == nil)
            }
        }
    }

    struct Convert: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the rows of a file in another form.",
            discussion: """
                JSON Lines hold every task; CSV and TSV one label or a score; CoNLL tags; plain text the texts \
                alone. The first row for which the form has no place ends it with exit code 65.
                """)

        @OptionGroup var rows: RowOptions

        @Option(help: "The form to write.")
        var to: DataFormat

        @Option(
            name: .shortAndLong, help: "The file to write (standard output if not given).",
            completion: .file())
        var output: String?

        func run() async throws {
            try await reporting {
                var source = rows.source(rows.file)
                // What rows of Hone's own have beside text and target goes along.
                source.columns.pair = source.columns.pair ?? "pair"
                source.columns.time = "time"
                source.columns.id = "id"
                source.columns.metadata = "metadata"
                let conversion = try DataConversion(
                    try DataFile(source), as: to, to: output, progress: rows.show)
                Terminal.endProgress()
                try rows.tell(conversion, conversion.sentence, isBesideRows: output == nil)
            }
        }
    }
}
