import Testing

@Suite struct WallsTests {
    private let sources: [SourceFile]

    init() throws {
        sources = try SourceFile.all(below: "Sources")
    }

    @Test func `imports only go down`() {
        let trespasses = sources.filter(\.isSwift).flatMap { file in
            let allowed = Walls.allowed[file.room, default: []]
            return Set(file.imports).subtracting(allowed.union(Walls.system(of: file.room))).sorted().map {
                "\(file.path) imports \($0); \(file.room) may import "
                    + (allowed.union(Walls.system(of: file.room))).sorted().joined(separator: ", ")
            }
        }
        #expect(trespasses == [])
    }

    @Test func `the map names every room and no other`() {
        let rooms = Set(sources.map(\.room)).union(["CCurl"])
        #expect(rooms == Set(Walls.allowed.keys))
    }

    @Test func `the map itself has no way up`() {
        // A room that could be reached from what it imports would be below itself.
        for (room, imported) in Walls.allowed {
            var below = imported
            while true {
                let deeper = below.union(below.flatMap { Walls.allowed[$0, default: []] })
                if deeper == below { break }
                below = deeper
            }
            #expect(!below.contains(room), "\(room) imports itself by way of \(below.sorted())")
        }
    }

    @Test func `each foreign library has one door`() {
        for library in Walls.oneDoor.sorted() {
            let doors = Set(sources.filter { $0.imports.contains(library) }.map(\.room))
            #expect(doors.count <= 1, "\(library) is imported by \(doors.sorted()): one room should hide it")
        }
    }

    @Test func `kernels include mathematics and little else`() {
        let trespasses = sources.filter { $0.room == "CKernels" }.flatMap { file in
            Set(file.includes).subtracting(Walls.headers.union(siblings(of: file))).sorted().map {
                "\(file.path) includes \($0); kernels may include \(Walls.headers.sorted().joined(separator: ", "))"
            }
        }
        #expect(trespasses == [])
    }

    @Test func `kernels neither allocate nor act`() {
        let acting = sources.filter { $0.room == "CKernels" }.flatMap { file in
            Walls.acts.filter(file.contains).map { "\(file.path) says \($0)" }
        }
        #expect(acting == [])
    }

    private func siblings(of file: SourceFile) -> Set<String> {
        Set(
            sources.filter { $0.room == file.room }.compactMap { $0.path.split(separator: "/").last }.map(
                String.init))
    }
}
