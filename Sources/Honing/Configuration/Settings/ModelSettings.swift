/// What is served.
public struct ModelSettings: Sendable, Equatable {
    /// What a model may be fine-tuned for.
    public enum Task: String, Sendable, CaseIterable {
        case textClassification = "text-classification"
    }

    /// What clients call it.
    public var name = "model"
    public var task = Task.textClassification
    /// Where given, a model with other labels is not let in.
    public var labels: [String]?

    public init() {}
}

extension ModelSettings: ConfigurationSection {
    static var fields: [Field<Self>] {
        [
            Field("name", \.name, .name("sentiment"), needsRestart: true),
            Field("task", \.task, .choice, needsRestart: true),
            Field("labels", optional: \.labels, .texts("negative, neutral, positive"), needsRestart: true),
        ]
    }

    func check(_ report: (String, String, String) -> Void) {
        if let labels, labels.count < 2 {
            report("labels", "names only one label", "a classifier needs two or more")
        }
    }
}
