import Corpus
import Foundation
import Tensors
import Testing
import Training

/// What only a process of its own can show: the number of threads is decided when one begins, and the
/// counter of copies is the whole process's.
@Suite struct ReproducibilityTests {
    @Test func `one, two and five threads give the same bytes`() async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Self.train(threads: 1, in: folder)
        }
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Self.train(threads: 2, in: folder)
        }
        await #expect(processExitsWith: .success) { [folder = folder as String] in
            try Self.train(threads: 5, in: folder)
        }

        let weights = try [1, 2, 5].map { try ContentHash.ofFile("\(folder)/\($0)/model.safetensors") }
        #expect(Set(weights).count == 1)
        let configurations = try [1, 2, 5].map { try ContentHash.ofFile("\(folder)/\($0)/config.json") }
        #expect(Set(configurations).count == 1)
    }

    @Test func `a training step copies no matrix`() async throws {
        let scratch = try ScratchFolder()
        await #expect(processExitsWith: .success) { [folder = scratch.path as String] in
            var copies: [Int] = []
            try fineTune(
                base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(40), development: [],
                arguments: TinyTask.arguments, output: folder + "/model",
                progress: { _ in copies.append(Matrix.copies) })
            try JSONEncoder().encode(copies).write(to: URL(filePath: folder + "/copies.json"))
        }
        let file = URL(filePath: scratch.path + "/copies.json")
        let copies = try JSONDecoder().decode([Int].self, from: Data(contentsOf: file))
        #expect(Set(copies).count == 1, "copies since the process began, after each step")
    }

    private static func train(threads: Int, in folder: String) throws {
        unsafe setenv("HONE_THREADS", "\(threads)", 1)
        precondition(ThreadPool.shared.threads == threads)
        try fineTune(
            base: TinyTask.base, labels: TinyTask.labels, training: TinyTask.rows(96),
            development: TinyTask.rows(24),
            arguments: TinyTask.arguments, output: "\(folder)/\(threads)")
    }
}
