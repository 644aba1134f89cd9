import Corpus
import Foundation
import Tensors
import Testing
import Training

@Suite struct FeatureCacheTests {
    private let key = ContentHash(ofBytes: Data("encoder".utf8))

    private func texts(_ range: Range<Int>) -> [ContentHash] {
        range.map { ContentHash(ofBytes: Data("text \($0)".utf8)) }
    }

    /// The vectors, and which places had to be computed. The vector of text i is [i, i/2, −i].
    private func ask(
        _ cache: FeatureCache, _ range: Range<Int>, key: ContentHash? = nil
    ) throws -> (values: [Float], computed: [Int]) {
        var computed: [Int] = []
        let result = try cache.features(of: texts(range), key: key ?? self.key, dimension: 3) { places in
            computed = places.map { range.lowerBound + $0 }
            return Matrix(
                rows: places.count, columns: 3,
                values: computed.flatMap { [Float($0), Float($0) / 2, -Float($0)] })
        }
        return (result.values, computed)
    }

    private func expected(_ range: Range<Int>) -> [Float] {
        range.flatMap { [Float($0), Float($0) / 2, -Float($0)] }
    }

    private func file(in folder: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return folder + "/" + (try #require(names.first))
    }

    @Test func `a text is computed once, ever`() throws {
        let scratch = try ScratchFolder()
        let cache = FeatureCache(folder: scratch.path + "/features")
        for (range, new) in [(0..<5, Array(0..<5)), (3..<9, Array(5..<9)), (0..<9, [])] {
            let (values, computed) = try ask(cache, range)
            #expect(values == expected(range))
            #expect(computed == new)
        }
        // Another process, another day.
        #expect(try ask(FeatureCache(folder: scratch.path + "/features"), 2..<8).computed == [])
    }

    @Test func `another encoder's vectors are not taken`() throws {
        let scratch = try ScratchFolder()
        let cache = FeatureCache(folder: scratch.path)
        _ = try ask(cache, 0..<4)
        let other = ContentHash(ofBytes: Data("another".utf8))
        #expect(try ask(cache, 0..<4, key: other).computed == [0, 1, 2, 3])
        #expect(try ask(cache, 0..<4).computed == [])
    }

    @Test func `a torn record is computed again, and the file goes on`() throws {
        let scratch = try ScratchFolder()
        let cache = FeatureCache(folder: scratch.path)
        _ = try ask(cache, 0..<4)
        let file = try file(in: scratch.path)
        let whole = try Data(contentsOf: URL(filePath: file))
        for cut in 1..<60 {
            try whole.dropLast(cut).write(to: URL(filePath: file))
            let (values, computed) = try ask(cache, 0..<6)
            #expect(values == expected(0..<6))
            #expect(computed == (cut <= 52 ? [3, 4, 5] : [2, 3, 4, 5]))
            #expect(try ask(cache, 0..<6).computed == [])
        }
    }

    @Test func `whatever byte is changed, no vector is`() throws {
        let scratch = try ScratchFolder()
        let cache = FeatureCache(folder: scratch.path)
        _ = try ask(cache, 0..<3)
        let file = try file(in: scratch.path)
        let whole = try Data(contentsOf: URL(filePath: file))
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x41
            try bytes.write(to: URL(filePath: file))
            #expect(try ask(cache, 0..<3).values == expected(0..<3))
        }
    }

    @Test func `the file stays within its bounds and keeps what was asked for last`() throws {
        let scratch = try ScratchFolder()
        let record = 32 + 12 + 8
        let cache = FeatureCache(folder: scratch.path, limit: 48 + 10 * record)
        for first in stride(from: 0, to: 60, by: 4) {
            #expect(try ask(cache, first..<first + 4).values == expected(first..<first + 4))
            let size = try Data(contentsOf: URL(filePath: try file(in: scratch.path))).count
            #expect(size <= 48 + 10 * record)
        }
        #expect(try ask(cache, 56..<60).computed == [])
    }
}
