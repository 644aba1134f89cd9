import Foundation
public import Testing

/// Expects a text to be the file `Fixtures/<name>` beside the calling test.
///
/// With `HONE_RECORD=1` in the environment the file is written instead: what a change does to the
/// interface is then to be seen in the difference.
public func expectSnapshot(
    _ text: String, _ name: String, beside file: String = #filePath,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let snapshot = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    if ProcessInfo.processInfo.environment["HONE_RECORD"] == "1" {
        try Data(text.utf8).write(to: snapshot)
    } else {
        #expect(
            text == String(decoding: try Data(contentsOf: snapshot), as: UTF8.self),
            sourceLocation: sourceLocation)
    }
}
