import Tensors

/// Which linear layers of a model get a `LowRankAdapter`, and of what rank.
///
/// Names and defaults are those of `peft`'s `LoraConfig` for BERT
/// (<https://huggingface.co/docs/peft/package_reference/lora>).
public struct LowRankPlan: Codable, Sendable, Equatable {
    /// The inner size of the two factors.
    public var rank = 8
    /// Adapters are scaled by alpha/rank.
    public var alpha: Float = 16
    /// The ends of the names of the layers, such as `query` or `attention.output.dense`; `all-linear`
    /// for every linear layer but the classifier, which always learns.
    public var targetModules = ["query", "value"]

    static let allLinear = "all-linear"

    public init(rank: Int = 8, alpha: Float = 16, targetModules: [String] = ["query", "value"]) {
        self.rank = rank
        self.alpha = alpha
        self.targetModules = targetModules
    }

    enum CodingKeys: String, CodingKey {
        case rank = "r"
        case alpha = "lora_alpha"
        case targetModules = "target_modules"
    }

    func targets(_ name: String) -> Bool {
        targetModules.contains { $0 == Self.allLinear || name == $0 || name.hasSuffix("." + $0) }
    }
}

extension EncoderModel {
    /// Freezes everything but the classifier, and lets adapters learn in the layers that `plan` names.
    ///
    /// - Parameters:
    ///   - skippedBlocks: so many of the lowest blocks get none.
    ///   - seed: of the first factors.
    /// - Returns: how many layers of the checkpoint are adapted.
    public mutating func adapt(_ plan: LowRankPlan, skippedBlocks: Int = 0, seed: UInt64) -> Int {
        var random = Philox(seed: seed, stream: .max - 1)
        encoder.embedding.isFrozen = true
        var index = 0
        let family = configuration.family
        eachLinear { prefix, linear in
            // Queries, keys and values; attention's output; the two of the feed-forward.
            let isSkipped = index / 4 < skippedBlocks
            linear.adapt(rank: plan.rank, alpha: plan.alpha, random: &random) { name in
                // BERT's names stand for those of every family; its own are understood too.
                let own = family.tensorName(prefix + name + ".", prefix: "").dropLast()
                return !isSkipped && (plan.targets(prefix + name) || plan.targets(String(own)))
            }
            index += 1
        }
        return parameters.reduce(0) { $0 + ($1.parameter.isAdapter ? $1.parameter.names.count : 0) } / 2
    }

    /// Brings the weights to what their adapters say. To be called whenever those have moved.
    public mutating func mergeAdapters() {
        eachLinear { _, linear in
            if let adapter = linear.adapter { linear.weight = adapter.merged }
        }
    }

    /// Whether gradients are asked of a parameter.
    public var learning: [Bool] {
        guard encoder.embedding.isFrozen else { return parameters.map { _ in true } }
        return parameters.map { $0.parameter.isAdapter || $0.parameter.isHead }
    }

    private mutating func eachLinear(_ body: (String, inout Linear) -> Void) {
        encoder.eachLinear("", body)
        head.eachLinear(body)
    }
}
