/// Who may import whom: the map of the house as a dictionary. Imports only go down.
///
/// SwiftPM does not hold this wall: a target that imports a sibling it never declared builds
/// without a word once the sibling's module lies in the build folder.
enum Walls {
    /// Rooms and foreign libraries that each room may import.
    static let allowed: [String: Set<String>] = [
        // 0 · C: no policy, no allocation
        "CKernels": [],
        "CCurl": [],
        // 1 · values and functions, no I/O
        "Tensors": ["CKernels"],
        "Tokenizers": [],
        "Corpus": ["Crypto"],
        "Drift": [],
        // 2 · networks, memory, the outside world
        "Transformers": ["Tensors", "Tokenizers", "Corpus"],
        "Ingest": ["CCurl", "Corpus", "Logging"],
        "Store": ["Corpus", "GRDB"],
        // 3 · learning
        "Training": ["Transformers", "Tokenizers", "Tensors", "Corpus"],
        // 4 · the loop
        "Honing": [
            "Corpus", "Drift", "Ingest", "Store", "Tensors", "Tokenizers", "Training", "Transformers",
            "Logging", "ServiceLifecycle", "Yams",
        ],
        // 5 · the HTTP face
        "Server": ["Honing", "Hummingbird", "HTTPTypes", "NIOCore", "Logging", "ServiceLifecycle"],
        // 6 · executables: parse, wire, run
        "honed": ["Honing", "Server", "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals"],
        "hone": ["Honing", "Training", "Corpus", "Ingest", "ArgumentParser", "Logging"],
    ]

    /// What the toolchain brings, and who must do with less of it.
    static func system(of room: String) -> Set<String> {
        switch room {
        case "Tensors": ["Glibc", "Synchronization"]
        case "Drift": ["Glibc"]
        default: ["Glibc", "Synchronization", "FoundationEssentials", "Foundation", "Dispatch"]
        }
    }

    /// Headers that C may include: mathematics, the instructions of the processor, and what choosing
    /// among them needs.
    static let headers: Set<String> = [
        "float.h", "limits.h", "math.h", "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "stdlib.h",
        "string.h",
        "cpuid.h", "immintrin.h",
    ]

    /// What C never does: allocate, start threads, lock, print.
    static let acts = [
        "malloc(", "calloc(", "realloc(", "aligned_alloc(", "free(", "pthread_", "mtx_", "printf(",
    ]

    /// Libraries that are kept behind one door each, so that exchanging one concerns one room.
    static let oneDoor: Set<String> = ["CCurl", "CKernels", "Crypto", "GRDB", "Hummingbird", "Yams"]

    /// The files that may vouch for their own thread safety, by `@unchecked Sendable` or
    /// `nonisolated(unsafe)`, each with a comment there that proves it.
    static let vouching: Set<String> = [
        "Sources/Tensors/Kernels.swift",
        "Sources/Tensors/MatrixArena.swift",
        "Sources/Tensors/MatrixStorage.swift",
        "Sources/Tensors/Optimization.swift",
        "Sources/Tensors/PackedPanels.swift",
        "Sources/Tensors/Safetensors.swift",
        "Sources/Tensors/ThreadPool.swift",
    ]

    /// No file is longer: beyond it, a concept is hiding.
    static let maximumLines = 400
}
