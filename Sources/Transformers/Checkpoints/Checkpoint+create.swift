package import Foundation

extension Checkpoint {
    /// Writes the weights and `config.json` of a model that begins: small and random.
    ///
    /// - Parameters:
    ///   - configuration: the bytes of `config.json`.
    ///   - folder: exists, and holds the tokenizer's files.
    /// - Throws: `CheckpointError`.
    package static func create(configuration data: Data, seed: UInt64, in folder: String)
        throws(CheckpointError)
    {
        let file = folder + "/" + CheckpointFile.configuration
        var configuration = try ModelConfiguration(parsing: data, file: file) { _ in 0 }
        func begin(_ model: some Network) throws(CheckpointError) {
            var model = model
            model.initialize(seed: seed)
            try Checkpoint.write(model, tokenizer: nil, to: folder)
        }
        if configuration.family.isDecoder {
            try begin(CausalLanguageModel(configuration))
        } else {
            configuration.predictsMaskedTokens = true
            try begin(MaskedLanguageModel(configuration))
        }
    }
}
