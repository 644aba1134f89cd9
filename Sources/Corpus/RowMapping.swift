import FoundationEssentials

/// What stands in a column.
enum RowField: Equatable {
    case text(String)
    /// An array or an object; of an object, the members that are plain values.
    case nested([String: String])
}

/// Turns the columns of a row into an example.
struct RowMapping {
    let columns: ColumnMapping
    let limits: RowLimits

    func example(_ field: (String) -> RowField?) throws(RowProblem) -> Example {
        guard let text = try text(columns.text, field), !text.trimmingSpace.isEmpty else {
            throw RowProblem("the text (column \"\(columns.text)\") is missing or empty")
        }
        let label = try value(columns.label, field).map { $0.trimmingSpace }
        if let label, label.utf8.count > 200 { throw RowProblem("the label is longer than 200 bytes") }
        return Example(
            text: text,
            pair: try columns.pair.flatMap { column throws(RowProblem) in try self.text(column, field) },
            target: label.flatMap { $0.isEmpty ? nil : .label(columns.labelNames[$0] ?? $0) },
            observedAt: try columns.time.flatMap { column throws(RowProblem) in
                try value(column, field).map { text throws(RowProblem) in try moment(text) }
            },
            id: try columns.id.flatMap { column throws(RowProblem) in try value(column, field) },
            metadata: kept(field))
    }

    private func kept(_ field: (String) -> RowField?) -> [String: String] {
        var kept = columns.metadata.map { members($0, field) } ?? [:]
        for column in columns.kept {
            if case .text(let value) = field(column) { kept[column] = value }
        }
        return kept
    }

    private func members(_ column: String, _ field: (String) -> RowField?) -> [String: String] {
        if case .nested(let members) = field(column) { members } else { [:] }
    }

    private func value(_ column: String, _ field: (String) -> RowField?) throws(RowProblem) -> String? {
        switch field(column) {
        case nil: return nil
        case .text(let text): return text
        case .nested: throw RowProblem("column \"\(column)\" holds no plain value")
        }
    }

    private func text(_ column: String, _ field: (String) -> RowField?) throws(RowProblem) -> String? {
        guard let text = try value(column, field) else { return nil }
        guard text.unicodeScalars.count <= limits.maximumTextScalars else {
            throw RowProblem("column \"\(column)\" is longer than \(limits.maximumTextScalars) characters")
        }
        // SQLite and C end a text at NUL; what comes after it would be lost without a word.
        guard !text.utf8.contains(0) else { throw RowProblem("column \"\(column)\" holds a NUL character") }
        return text
    }

    private func moment(_ text: String) throws(RowProblem) -> Date {
        let trimmed = text.trimmingSpace
        if let number = Double(trimmed), number.isFinite {
            // Seconds since 1970 reach 10¹¹ in the year 5138: anything larger is in milliseconds.
            let seconds = abs(number) < 1e11 ? number : number / 1_000
            guard abs(seconds) < 1e11 else { throw RowProblem("the time \(trimmed) is out of range") }
            return Date(timeIntervalSince1970: seconds)
        }
        let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        for style in styles {
            if let date = try? style.parse(trimmed) { return date }
        }
        let spaced = trimmed.replacing(" ", with: "T", maxReplacements: 1)
        for candidate in [spaced, spaced + "Z", spaced + "T00:00:00Z"] {
            if let date = try? Date.ISO8601FormatStyle().parse(candidate) { return date }
        }
        throw RowProblem("the time \"\(trimmed)\" is neither ISO 8601 nor a number of seconds")
    }
}

extension String {
    /// The text without the white space around it.
    var trimmingSpace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
