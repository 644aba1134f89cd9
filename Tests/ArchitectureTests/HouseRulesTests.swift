import Testing

@Suite struct HouseRulesTests {
    private let sources: [SourceFile]
    private let tests: [SourceFile]

    init() throws {
        sources = try SourceFile.all(below: "Sources")
        tests = try SourceFile.all(below: "Tests")
    }

    @Test func `no file is too long to be one concept`() {
        let long = (sources + tests).filter { $0.lineCount > Walls.maximumLines }
        let complaints = long.map {
            "\($0.path) has \($0.lineCount) lines, more than \(Walls.maximumLines): which concept hides in it?"
        }
        #expect(complaints == [])
    }

    @Test func `only named files vouch for their own thread safety`() {
        let marks = ["@unchecked Sendable", "nonisolated(unsafe)"]
        let vouching = sources.filter { marks.contains(where: $0.contains) }.map(\.path)
        #expect(
            vouching.filter { !Walls.vouching.contains($0) } == [],
            "prove it in a comment and add the file to Walls.vouching, or let the compiler prove it")
        #expect(
            Walls.vouching.subtracting(vouching).sorted() == [],
            "these files need no exception any more: take them off Walls.vouching")
    }

    @Test func `nothing is left for later`() {
        // Spelt in parts, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"]
        let left = (sources + tests).flatMap { file in
            marks.filter(file.contains).map { "\(file.path) says \($0)" }
        }
        #expect(left == [])
    }

    @Test func `no test is switched off`() {
        let marks = [".disa" + "bled(", "enabled(if: fal" + "se"]
        let off = tests.filter { file in file.lines.contains { line in marks.contains { line.contains($0) } }
        }
        #expect(off.map(\.path) == [])
    }

    @Test func `an import is seen whatever stands before it`() {
        let text = """
            // import Commented
            /// import Documented
            import Plain
            public import Open
            @preconcurrency import Old
            @_spi(Inner) package import Spied
                import Indented
            import struct Nested.Part
            let important = "import Quoted"
            """
        let file = SourceFile(path: "Sources/X/Y.swift", text: text)
        #expect(file.imports == ["Plain", "Open", "Old", "Spied", "Indented", "Nested"])
        let kernel = "#include <math.h>\n# include \"include/CKernels.h\" // own\n"
        let c = SourceFile(path: "Sources/X/y.c", text: kernel)
        #expect(c.includes == ["math.h", "CKernels.h"])
    }
}
