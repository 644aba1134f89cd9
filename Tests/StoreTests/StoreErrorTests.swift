import Store
import TestSupport
import Testing

@Suite struct StoreErrorTests {
    @Test func `every error is a sentence that says what to do`() throws {
        let path = "/var/lib/honed/honed.sqlite"
        let operation = "storing a page of source feed"
        let errors: [StoreError] = [
            .cannotOpen(path: path, cause: "there is no such file", remedy: "check data_directory"),
            .foreignDatabase(path: path),
            .newerSchema(path: path, unknown: ["0099 the far future"]),
            .olderSchema(path: path),
            .corrupt(path: path, operation: operation, cause: "database disk image is malformed"),
            .diskFull(path: path, operation: operation),
            .io(path: path, operation: operation, cause: "disk I/O error"),
            .locked(path: path, operation: operation),
            .readOnly(path: path, operation: operation),
            .refused(operation: operation, cause: "CHECK constraint failed: loss BETWEEN 0 AND 1"),
            .noSuchRun(7),
            .runUnderWay(7),
            .illegalTransition(run: 7, from: .queued, to: .promoted),
            .noSuchVersion(7),
            .alreadyLive(7),
            .unusableFolder(path: "/home/me/model", cause: "it holds no model.safetensors"),
            .damagedVersion(7, file: "versions/0007/config.json", cause: "is missing"),
        ]

        try expectSnapshot(errors.map(\.description).joined(separator: "\n") + "\n", "errors.txt")
    }
}
