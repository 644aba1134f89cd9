import Drift
import Foundation
import Store

extension Database {
    /// What changed about the requests of the last day, whether or not anybody labelled them: aspects in
    /// which the live version's answers moved away from those that judged it.
    ///
    /// Nobody knows whether such a shift hurts, so it is a reason to ask for labels and never to train.
    func unlabelledShifts(
        of watch: DriftWatch, settings: WatchingSettings, at now: Date
    ) async throws -> [InputShift] {
        let answers = try await newestPredictions(
            ofVersion: watch.version, since: now.addingTimeInterval(-86_400), limit: 2_000)
        let reference = watch.reference
        // Fewer answers than labels would have to be say as little.
        guard answers.count >= settings.minimumLabels, reference.count > 0 else { return [] }
        var profile = StreamProfile(classCount: reference.profile.classes.count)
        for answer in answers {
            guard let index = reference.labels.firstIndex(of: answer.label) else { continue }
            profile.add(
                classIndex: index, confidence: answer.confidence, tokens: answer.tokens,
                unknownTokens: answer.unknownTokens)
        }
        return profile.shifts(from: reference.profile).map { InputShift($0, settings: settings) }
            .filter { $0.verdict == .drift }
    }
}
