public import Corpus
public import Tensors

/// Why a model folder cannot be used. Each sentence says what, where and what to do.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
    case missingFile(String, folder: String)
    case pickled(String, folder: String)
    case badConfiguration(file: String, reason: String)
    case weights(SafetensorsError)
    case tokenizer(String)
    case vocabulary(folder: String, tokenizer: Int, model: Int)
    case size(folder: String, described: Double, held: Double)
    case noHead(folder: String)
    case otherTask(folder: String, is: TaskKind, asked: TaskKind)
    case unwritable(String, reason: String)

    public var description: String {
        switch self {
        case .missingFile(let name, let folder):
            "\(folder) has no \(name): a model folder holds config.json, model.safetensors and tokenizer.json "
                + "(large models: model.safetensors.index.json and the files that it names)"
        case .pickled(let name, let folder):
            "\(folder) has only \(name): pickled weights are a program, which Hone does not run; convert them "
                + "where you trust them: python -c \"import transformers as t; f = '\(folder)'; "
                + "c = t.AutoConfig.from_pretrained(f).architectures[0]; "
                + "getattr(t, c).from_pretrained(f).save_pretrained(f)\""
        case .badConfiguration(let file, let reason):
            "\(file): \(reason); correct it, or copy the file again from where the model came from"
        case .weights(let error):
            error.description
        case .tokenizer(let reason):
            reason
        case .vocabulary(let folder, let tokenizer, let model):
            "\(folder): the tokenizer has \(tokenizer) tokens, the model embeds only \(model): "
                + "the two belong to different models"
        case .size(let folder, let described, let held):
            "\(folder): config.json describes a model of \(Self.rounded(described)) numbers, model.safetensors "
                + "holds \(Self.rounded(held)): the two files belong to different models"
        case .noHead(let folder):
            "\(folder) is a base model without a classification head: fine-tune it first with `hone train`"
        case .otherTask(let folder, let task, let asked):
            "\(folder)/config.json: by \"architectures\" and \"problem_type\" this is a model for \(task.rawValue), "
                + "and one for \(asked.rawValue) is needed here: name another folder"
                + (task == .textGeneration ? ", or let this one write with `hone generate`" : "")
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason)"
        }
    }

    private static func rounded(_ count: Double) -> String {
        count < 1e15 ? "\(Int(count))" : "\(count)"
    }
}
