import Corpus
import Tensors

extension ONNXGraph {
    /// One row of logits a text, and what the model makes of them: [b, k].
    ///
    /// Probabilities are those of `hone predict`; scores have none.
    mutating func classification(
        _ head: SequenceClassificationHead, _ hidden: Value, _ inputs: ONNXInputs,
        _ configuration: ModelConfiguration
    ) {
        place = ""
        let pooled: Value
        if let pooler = head.pooler {
            let first = apply("Gather", to: hidden, integer(0), with: ("axis", .int(1)))
            pooled = activation(configuration.family.head.activation, linear(pooler, first, "pooler.dense"))
        } else {
            pooled = mean(hidden, inputs)
        }
        let logits = linear(head.classifier, pooled, "classifier")
        let shape: [Dimension] = [.named("batch"), .size(head.classifier.weight.rows)]
        output(logits, as: "logits", shape)
        switch configuration.task {
        case .textClassification:
            let scaled = apply("Div", to: logits, scalar(configuration.temperature))
            output(apply("Softmax", to: scaled, with: ("axis", .int(-1))), as: "probabilities", shape)
        case .multiLabelClassification:
            output(apply("Sigmoid", to: logits), as: "probabilities", shape)
        case .scoring, .tokenClassification, .questionAnswering, .textGeneration: break
        }
    }

    /// One row of logits a token: [b, t, k].
    mutating func tokenClassification(_ head: TokenClassificationHead, _ hidden: Value) {
        place = ""
        let shape = ONNXInputs.shape + [.size(head.classifier.weight.rows)]
        output(linear(head.classifier, hidden, "classifier"), as: "logits", shape)
    }

    /// How well an answer begins and ends at each token: [b, t] twice.
    mutating func questionAnswering(_ head: QuestionAnsweringHead, _ hidden: Value) {
        place = ""
        let ends = split(linear(head.classifier, hidden, "qa_outputs"), into: 2)
        for (value, name) in zip(ends, ["start_logits", "end_logits"]) {
            output(apply("Squeeze", to: value, integers(-1)), as: name, ONNXInputs.shape)
        }
    }

    /// Of a network without a head: [b, t, d].
    mutating func hiddenStates(_ hidden: Value, size: Int) {
        output(hidden, as: "last_hidden_state", ONNXInputs.shape + [.size(size)])
    }

    /// The mean over the tokens of each text: [b, t, d] → [b, d].
    private mutating func mean(_ hidden: Value, _ inputs: ONNXInputs) -> Value {
        let weights = apply("Unsqueeze", to: inputs.weights, integers(2))
        let sum = apply(
            "ReduceSum", to: apply("Mul", to: hidden, weights), integers(1), with: ("keepdims", .int(0)))
        let count = apply("ReduceSum", to: weights, integers(1), with: ("keepdims", .int(0)))
        return apply("Div", to: sum, apply("Max", to: count, scalar(1)))
    }

    private mutating func activation(_ activation: ModelFamily.HeadForm.Activation, _ x: Value) -> Value {
        switch activation {
        case .tanh: apply("Tanh", to: x)
        case .relu: apply("Relu", to: x)
        case .gelu: gelu(x)
        }
    }
}
