public import ArgumentParser
import Corpus
import Honing

/// A file of rows and how it is to be read; the same for all of `hone data`.
struct RowOptions: ParsableArguments {
    @Argument(help: "The file of rows; - for standard input.", completion: .file())
    var file: String

    @Option(help: "How it is written, if neither its name nor its beginning says so.")
    var format: DataFormat?

    @Option(help: "What the rows are for.")
    var task = TaskName.classify

    @Option(help: ArgumentHelp("The column of the text.", valueName: "column"))
    var text: String?

    @Option(help: ArgumentHelp("The column of the label.", valueName: "column"))
    var label: String?

    @Option(help: ArgumentHelp("The column of the second text of a pair.", valueName: "column"))
    var pair: String?

    @Flag(help: "Print JSON for scripts.")
    var json = false

    func source(_ path: String) -> DataSource {
        var columns = ColumnMapping(for: task.kind)
        if let text { columns.text = text }
        if let label { columns.label = label }
        if let pair { columns.pair = pair }
        return DataSource(path: path, format: path == file ? format : nil, task: task.kind, columns: columns)
    }

    func show(_ progress: DataFile.Progress) {
        Terminal.progress("\(progress.file): \(progress.rows) rows, \(Int(progress.share * 100)) %")
    }

    /// Says what was done: on standard error where the rows themselves went to standard output.
    func tell(_ result: some Encodable, _ sentence: String, isBesideRows: Bool) throws {
        if isBesideRows { return Terminal.note(sentence) }
        if json { try Terminal.print(json: result) } else { print(sentence) }
    }
}

/// When two texts are taken for the same.
struct LikenessOptions: ParsableArguments {
    @Option(help: "Another file, none of whose texts may be in this one.", completion: .file())
    var against: String?

    @Option(
        help: "From which Jaccard's index of their letters on texts are nearly the same, above 0 and up to 1."
    )
    var near = 0.8

    @Flag(help: "Look for equal texts only, which takes less time.")
    var exact = false

    var threshold: Double? { exact ? nil : near }

    func validate() throws {
        guard near > 0, near <= 1 else { throw ValidationError("--near lies above 0 and is at most 1") }
    }
}

/// What `inspect` and `validate` look for.
struct LookingOptions: ParsableArguments {
    @OptionGroup var alike: LikenessOptions

    @Option(
        help: "A model folder: lengths are then in its tokens, and it is asked what it thinks of the labels.",
        completion: .directory)
    var model: String?

    @Option(help: "So many rows are asked about at most, chosen by their hashes.")
    var sample = 5_000

    func inspect(_ rows: RowOptions) throws -> DataInspection {
        var settings = DataInspector.Settings()
        settings.threshold = alike.threshold
        settings.model = model
        settings.sample = sample
        let inspection = try DataInspector.inspect(
            try DataFile(rows.source(rows.file)),
            against: try alike.against.map { try DataFile(rows.source($0)) }, settings, progress: rows.show)
        Terminal.endProgress()
        return inspection
    }
}

extension DataFormat: ExpressibleByArgument {}
