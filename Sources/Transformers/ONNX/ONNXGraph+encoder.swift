import Tensors

// Letters as in `Layer`, with b texts of t tokens each: shorter texts are filled up, and a mask says with
// what. Every value is [b, t, features].

/// What a network is given, under the names that tokenizers give it.
struct ONNXInputs {
    /// [b, t].
    let ids: ONNXGraph.Value
    /// [b, t], 1 for a token and 0 for what fills up.
    let mask: ONNXGraph.Value
    /// The same as numbers.
    let weights: ONNXGraph.Value
    /// [b, t]; `nil` for a network that does not tell texts of a pair apart.
    let types: ONNXGraph.Value?

    static let shape: [ONNXGraph.Dimension] = [.named("batch"), .named("sequence")]

    init(_ graph: inout ONNXGraph, _ configuration: ModelConfiguration) {
        ids = graph.input("input_ids", .int64, Self.shape)
        mask = graph.input("attention_mask", .int64, Self.shape)
        // The tokenizer of a network of one type gives no types.
        types =
            configuration.typeVocabularySize > 1 ? graph.input("token_type_ids", .int64, Self.shape) : nil
        weights = graph.apply("Cast", to: mask, with: ("to", .int(ONNXGraph.Element.float.rawValue)))
    }
}

extension ONNXGraph {
    /// The last hidden states, [b, t, d].
    mutating func encoder(
        _ encoder: Encoder, _ inputs: ONNXInputs, _ configuration: ModelConfiguration
    ) -> Value {
        place = "embeddings"
        var x = embedding(encoder.embedding, inputs, configuration)
        place = "encoder"
        // 0 for a token; for what fills up so little that softmax gives it nothing: [b, 1, 1, t].
        let absent = apply("Sub", to: scalar(1), inputs.weights)
        let masked = apply("Mul", to: absent, scalar(-.greatestFiniteMagnitude))
        var addend = apply("Unsqueeze", to: masked, integers(1, 2))
        if let bias = encoder.distanceBias {
            addend = apply("Add", to: addend, distances(bias, inputs, reach: configuration.reach))
        }
        for (index, block) in encoder.blocks.enumerated() {
            place = "encoder.layer.\(index)"
            x = attention(block.attention, x, addend, heads: configuration.attentionHeads)
            x = feedForward(block.feedForward, x)
        }
        return x
    }

    private mutating func embedding(
        _ embedding: Embedding, _ inputs: ONNXInputs, _ configuration: ModelConfiguration
    ) -> Value {
        func table(_ graph: inout ONNXGraph, _ name: String, _ matrix: Matrix) -> Value {
            graph.parameter("embeddings.\(name)_embeddings.weight", matrix, isTable: true)
        }
        let words = apply("Gather", to: table(&self, "word", embedding.word), inputs.ids)
        let positions = table(&self, "position", embedding.position)
        var sum: Value
        if embedding.firstPosition == 0 {
            let length = apply("Shape", to: inputs.ids, with: ("start", .int(1)), ("end", .int(2)))
            sum = apply("Add", to: words, apply("Slice", to: positions, integers(0), length, integers(0)))
        } else {
            // Tokens are numbered from 1 and what fills up is 0, behind what comes before the first.
            let number = apply("CumSum", to: inputs.mask, integer(1))
            let place = apply(
                "Add", to: apply("Mul", to: number, inputs.mask), integer(Int(embedding.firstPosition) - 1))
            sum = apply("Add", to: words, apply("Gather", to: positions, place))
        }
        if let types = inputs.types {
            sum = apply(
                "Add", to: sum, apply("Gather", to: table(&self, "token_type", embedding.type), types))
        } else if configuration.typeVocabularySize == 1 {
            sum = apply("Add", to: sum, table(&self, "token_type", embedding.type))
        }
        let normed = norm(embedding.norm, sum, "LayerNorm")
        guard let projection = embedding.projection else { return normed }
        place = ""
        return linear(projection, normed, "embeddings_project")
    }

    /// What attention adds to scores by distance: [h, t, t].
    private mutating func distances(_ bias: DistanceBias, _ inputs: ONNXInputs, reach: Int) -> Value {
        let length = apply("Squeeze", to: apply("Shape", to: inputs.ids, with: ("start", .int(1))))
        let places = apply("Range", to: integer(0), length, integer(1))
        let distance = apply(
            "Sub", to: apply("Unsqueeze", to: places, integers(0)),
            apply("Unsqueeze", to: places, integers(1)))
        let column = apply("Add", to: distance, integer(reach - 1))
        let table = parameter("encoder.distance_bias", bias.expanded(reach: reach), isTable: true)
        return apply("Gather", to: table, column, with: ("axis", .int(1)))
    }

    /// softmax(q·kᵀ/√(d/h) + addend)·v of each head, and what `SelfAttention` has around it.
    private mutating func attention(
        _ attention: SelfAttention, _ x: Value, _ addend: Value, heads: Int
    ) -> Value {
        let headSize = attention.output.weight.columns / heads
        let parts = split(
            linear(attention.queryKeyValue, x, "attention.self.query_key_value"), into: 3)
        func perHead(_ graph: inout ONNXGraph, _ x: Value, _ order: [Int]) -> Value {
            // A 0 keeps the dimension as it is.
            let apart = graph.apply("Reshape", to: x, graph.integers(0, 0, heads, headSize))
            return graph.apply("Transpose", to: apart, with: ("perm", .ints(order)))
        }
        let queries = perHead(&self, parts[0], [0, 2, 1, 3])
        let keys = perHead(&self, parts[1], [0, 2, 3, 1])
        let values = perHead(&self, parts[2], [0, 2, 1, 3])
        let scores = apply(
            "Mul", to: apply("MatMul", to: queries, keys), scalar(1 / Float(headSize).squareRoot()))
        let shares = apply("Softmax", to: apply("Add", to: scores, addend), with: ("axis", .int(-1)))
        let context = apply(
            "Transpose", to: apply("MatMul", to: shares, values), with: ("perm", .ints([0, 2, 1, 3])))
        let joined = apply("Reshape", to: context, integers(0, 0, heads * headSize))
        let sum = apply("Add", to: linear(attention.output, joined, "attention.output.dense"), x)
        return norm(attention.norm, sum, "attention.output.LayerNorm")
    }

    private mutating func feedForward(_ feedForward: FeedForward, _ x: Value) -> Value {
        let wide = gelu(linear(feedForward.intermediate, x, "intermediate.dense"))
        let sum = apply("Add", to: linear(feedForward.output, wide, "output.dense"), x)
        return norm(feedForward.norm, sum, "output.LayerNorm")
    }

    // MARK: Parts

    private func inPlace(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    /// x·wᵀ + b. The weight is written turned over, as the product wants it.
    mutating func linear(_ linear: Linear, _ x: Value, _ name: String) -> Value {
        let weight = parameter(
            inPlace(name) + ".weight.transposed", linear.weight.transposed(), isTable: true)
        let bias = parameter(inPlace(name) + ".bias", linear.bias)
        return apply("Add", to: apply("MatMul", to: x, weight), bias)
    }

    private mutating func norm(_ norm: LayerNorm, _ x: Value, _ name: String) -> Value {
        apply(
            "LayerNormalization", to: x, parameter(inPlace(name) + ".weight", norm.weight),
            parameter(inPlace(name) + ".bias", norm.bias),
            with: ("axis", .int(-1)), ("epsilon", .float(norm.epsilon)))
    }

    /// x·½(1 + erf(x/√2)), step by step in the order in which runtimes recognise it.
    mutating func gelu(_ x: Value) -> Value {
        let error = apply("Erf", to: apply("Div", to: x, scalar(Float(2).squareRoot())))
        return apply("Mul", to: apply("Mul", to: x, apply("Add", to: error, scalar(1))), scalar(0.5))
    }
}
