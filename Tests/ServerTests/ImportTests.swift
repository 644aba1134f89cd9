import Foundation
import Honing
import Testing

/// What a folder may look like that is imported.
@Suite struct ImportTests {
    /// The tiny BERT with its weights under another name, and what an index says of them.
    private func divided(in folder: String) throws {
        try FileManager.default.copyItem(atPath: LivingLoop.tinyBert, toPath: folder)
        let part = "model-00001-of-00001.safetensors"
        try FileManager.default.moveItem(
            atPath: folder + "/model.safetensors", toPath: folder + "/" + part)
        // A safetensors file begins with the length of its JSON header, 8 bytes, the lowest first.
        let bytes = try Data(contentsOf: URL(filePath: folder + "/" + part))
        let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        let header = try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: Any] ?? [:]
        let names = header.keys.filter { $0 != "__metadata__" }
        let index: [String: Any] = ["weight_map": Dictionary(uniqueKeysWithValues: names.map { ($0, part) })]
        try JSONSerialization.data(withJSONObject: index).write(
            to: URL(filePath: folder + "/model.safetensors.index.json"))
    }

    @Test func `weights in parts are imported and serve as the whole do`() async throws {
        let folder = NSTemporaryDirectory() + "divided-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try divided(in: folder)
        try await LivingDaemon.run { daemon in
            let whole = try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#).body
            let order =
                #"{"folder":"\#(folder)","requestedBy":"ada","reason":"in parts","promote":true}"#
            let receipt: ImportReceipt = try await daemon.control.post("/import", order).decode()
            #expect(receipt.version == 2 && receipt.isLive)

            let answer = try await daemon.door.post("/predict", #"{"inputs":"a good film"}"#)
            #expect(answer.headers["x-model-version"] == "2" && answer.body == whole)
        }
    }

    @Test func `a folder with pickled weights alone is told how they are converted`() async throws {
        let folder = NSTemporaryDirectory() + "pickled-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.copyItem(atPath: LivingLoop.tinyBert, toPath: folder)
        try FileManager.default.moveItem(
            atPath: folder + "/model.safetensors", toPath: folder + "/pytorch_model.bin")
        try await LivingDaemon.run { daemon in
            let order = #"{"folder":"\#(folder)","requestedBy":"ada","promote":false}"#
            let answer = try await daemon.control.post("/import", order)
            #expect(answer.status == 422)
            #expect(answer.sentence?.contains("save_pretrained") == true, "\(answer.sentence ?? "")")
        }
    }
}
