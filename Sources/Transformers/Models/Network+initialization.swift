import Tensors

extension Network {
    /// Small random weights, as BERT and GPT-2 began: normal with a deviation of 0.02. Norms and biases stay as
    /// they are: ones and zeros.
    ///
    /// In a pre-norm decoder each block adds to one sum twice; what is added is scaled by 1/√(2·blocks) for
    /// the sum to begin with the size of its parts (Radford et al., *Language Models are Unsupervised
    /// Multitask Learners*, 2019, section 2.3).
    ///
    /// - Parameter wanted: which parameters; all where nothing is said.
    package mutating func initialize(seed: UInt64, where wanted: (Parameter) -> Bool = { _ in true }) {
        var random = Philox(seed: seed, stream: .max)
        let added = 0.02 / (2 * Double(configuration.layers)).squareRoot()
        visit { parameter, matrix in
            guard wanted(parameter), !parameter.isVector else { return }
            let deviation = parameter.names[0].hasSuffix("c_proj.weight") ? added : 0.02
            let values = (0..<matrix.count).map { _ in Float(deviation * random.nextNormal()) }
            matrix = Matrix(rows: matrix.rows, columns: matrix.columns, values: values)
        }
    }
}
