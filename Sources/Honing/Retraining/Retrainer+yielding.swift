extension Retrainer {
    /// Holds the trainer of a run still while clients queue, until the task is cancelled.
    nonisolated func letClientsPass(_ directory: RunDirectory) async {
        guard let turn = TurnLock(path: directory.turnFile) else { return }
        var brake = TrainingBrake()
        for await _ in AsyncStream<Void>.every(TrainingBrake.patience / 2) {
            turn.hold(brake.holds(wait: predictor.longestWait, at: .now))
        }
    }
}
