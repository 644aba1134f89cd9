import Logging
import Store
import Synchronization
import Transformers

/// What decides whether a request is answered by both versions.
struct Comparison: Sendable {
    var versions: Set<Int>
    var sample: Double
}

/// A request that one version has answered and the other shall.
struct Sample: Sendable {
    var inputs: [TextInput]
    /// The version that answered, and what it said.
    var version: Int
    var answers: [TaskAnswer]
}

extension Rollout {
    /// Takes note of an answer that was given; returns at once. When more come than the other version
    /// can follow, the later ones are left out.
    nonisolated func answered(_ inputs: [TextInput], _ reply: PredictionReply, requestID: String) {
        let isSampled = plan.withLock { plan in
            guard let plan, plan.versions.contains(reply.modelVersion) else { return false }
            return requestShare(requestID, of: "comparison") < plan.sample
        }
        guard isSampled else { return }
        sampled.yield(Sample(inputs: inputs, version: reply.modelVersion, answers: reply.answers))
    }

    /// Lets the other version answer, unseen and in the background lane.
    func compare(_ sample: Sample) async {
        guard case .comparing(let stretch) = life else { return }
        let other = sample.version == stretch.row.version ? stretch.row.against : stretch.row.version
        guard let model = predictor.slot.model(of: other),
            let reply = try? await predictor.predict(sample.inputs, with: model, lane: .background)
        else { return }
        uncounted.requests += 1
        let isAlike = zip(reply.answers, sample.answers).allSatisfy { $0.agrees(with: $1) }
        if !isAlike { uncounted.disagreements += 1 }
        if uncounted.requests >= 100 { await countSamples() }
    }

    /// Writes down what was compared since the last time. Counts are an observation, not a promise.
    func countSamples() async {
        guard case .comparing(let stretch) = life, uncounted.requests > 0 else {
            uncounted = (0, 0)
            return
        }
        let (requests, disagreements) = uncounted
        uncounted = (0, 0)
        do {
            try await store.countRequests(requests, disagreements: disagreements, rollout: stretch.id)
        } catch {
            log.warning("\(requests) compared requests were not counted: \(error)")
        }
    }
}
