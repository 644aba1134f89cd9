public import Corpus

/// What there is to know about a file of rows before anybody learns of it: `hone data inspect`.
public struct DataInspection: Codable, Sendable, Equatable {
    public var file: String
    public var format: DataFormat
    public var task: TaskKind
    public var bytes: Int
    /// Rows that can be used, with a target or without.
    public var rows = 0
    public var unlabelled = 0
    public var rejected = 0
    /// The first of them.
    public var firstRejected: [RejectedRow] = []
    public var encoding = Encoding()
    /// By how often they occur, the most frequent first; the most frequent hundred.
    public var labels: [LabelCount] = []
    /// How many different ones there are.
    public var labelCount = 0
    public var scores: Scores?
    public var lengths = Lengths()
    public var repetitions = Repetitions()
    /// What is also in the other file.
    public var leaks: Leaks?
    /// Where a model is sure of another label.
    public var doubts: Doubts?

    public struct Encoding: Codable, Sendable, Equatable {
        /// Rows that are no UTF-8.
        public var invalid = 0
        /// What they are, and what to do.
        public var remedy: String?
        /// Texts that look like UTF-8 that was once taken for Latin-1: "Ã©" for "é".
        public var garbled = 0
        /// Texts with the character that stands for one that could not be read, U+FFFD.
        public var replaced = 0
    }

    public struct LabelCount: Codable, Sendable, Equatable {
        public var label: String
        public var count: Int
        public var share: Double
    }

    public struct Scores: Codable, Sendable, Equatable {
        public var lowest: Double
        public var mean: Double
        public var highest: Double
    }

    public struct Lengths: Codable, Sendable, Equatable {
        /// `words`, parted by white space, or a model's `tokens` with its special ones.
        public var unit = "words"
        public var mean = 0.0
        public var median = 0
        /// Nine in ten are no longer.
        public var nineTenths = 0
        /// Ninety-nine in a hundred are no longer.
        public var ninetyNine = 0
        public var longest = 0
        public var bins: [Bin] = []
        /// What the model reads of a text, in tokens.
        public var limit: Int?
        /// In so many windows at most; `nil` where it reads a text at once.
        public var windows: Int?
        /// Texts of which it does not read the end.
        public var longer: Int?

        public struct Bin: Codable, Sendable, Equatable {
            public var from: Int
            public var to: Int
            public var count: Int
        }
    }

    public struct Repetitions: Codable, Sendable, Equatable {
        /// Rows whose text and target were there before.
        public var exact = 0
        /// Rows whose text is nearly that of an earlier one.
        public var near = 0
        /// From which Jaccard's index on; `nil` where nobody looked.
        public var threshold: Double?
        /// Rows whose text was there before with another target.
        public var contradicting = 0
        /// The first of all these.
        public var first: [RepeatedRow] = []
    }

    public struct RepeatedRow: Codable, Sendable, Equatable {
        public var line: Int
        public var text: String
        public var of: Repetition
    }

    public struct Leaks: Codable, Sendable, Equatable {
        public var file: String
        public var exact = 0
        public var near = 0
        public var first: [RepeatedRow] = []
    }

    public struct Doubts: Codable, Sendable, Equatable {
        /// Rows that the model was asked about.
        public var asked = 0
        /// Of these, rows that it was sure of.
        public var confident = 0
        /// Of these, rows with another label.
        public var contradicted = 0
        public var confidence = 0.95
        /// Rows with a label that the model does not know.
        public var unknownLabels = 0
        /// Whether the model is right often enough for such rows to be slips.
        public var areSlips = false
        /// Those that it is most sure of.
        public var first: [DoubtfulRow] = []
    }

    public struct DoubtfulRow: Codable, Sendable, Equatable {
        public var line: Int
        public var text: String
        public var label: String
        public var predicted: String
        public var confidence: Double
    }

    init(_ file: DataFile) {
        self.file = file.name
        format = file.format
        task = file.task
        bytes = file.bytes
    }
}
