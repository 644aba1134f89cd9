import FoundationEssentials
import Glibc
import Synchronization
import Tensors
import TestSupport
import Testing

@Suite struct `The thread pool` {
    @Test(arguments: [1, 2, 3, 8])
    func `runs every index exactly once`(threads: Int) {
        let pool = ThreadPool(threads: threads)
        for count in [0, 1, 2, 3, 17, 1000] {
            let seen = Mutex([Int](repeating: 0, count: count))
            pool.parallel(count) { index in seen.withLock { $0[index] += 1 } }
            #expect(seen.withLock { $0 }.allSatisfy { $0 == 1 })
        }
    }

    @Test(arguments: [1, 2, 3, 8])
    func `covers a range with pieces that begin at multiples`(threads: Int) {
        let pool = ThreadPool(threads: threads)
        for (count, multiple) in [(0, 1), (1, 1), (7, 8), (100, 1), (1000, 64), (129, 64)] {
            let pieces = Mutex([Range<Int>]())
            pool.parallelRanges(count, multiple: multiple) { range in pieces.withLock { $0.append(range) } }
            let sorted = pieces.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
            #expect(sorted.flatMap { Array($0) } == Array(0..<count))
            #expect(sorted.allSatisfy { $0.lowerBound % multiple == 0 })
        }
    }

    @Test func `runs a nested call on the thread that makes it`() {
        let pool = ThreadPool(threads: 3)
        let sum = Atomic(0)
        pool.parallel(10) { outer in
            pool.parallel(10) { inner in sum.add(outer * 10 + inner, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 4950)
    }

    @Test func `serves several callers at once`() async {
        let pool = ThreadPool(threads: 3)
        let totals = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var total = 0
                    for round in 0..<300 {
                        let sum = Atomic(0)
                        pool.parallel(round % 40) { sum.add($0, ordering: .relaxed) }
                        total += sum.load(ordering: .relaxed)
                    }
                    return total
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let expected = (0..<300).reduce(0) { $0 + ($1 % 40) * max(0, $1 % 40 - 1) / 2 }
        #expect(totals == [Int](repeating: expected, count: 8))
    }

    /// Tiny calls in a row are where a worker may still be leaving one call when the next begins.
    @Test(arguments: [2, 3, 8])
    func `survives a hundred thousand tiny calls in a row`(threads: Int) {
        let pool = ThreadPool(threads: threads)
        let sum = Atomic(0)
        for round in 0..<100_000 {
            let values = [round, 1]
            pool.parallel(2) { sum.add(values[$0], ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 100_000 * 99_999 / 2 + 100_000)
    }

    @Test func `multiplies correctly for several callers at once`() async {
        let (x, w) = (random(100, 64, 1), random(96, 64, 2))
        let expected = x.times(transposeOf: w, bias: nil)
        let allEqual = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 {
                group.addTask { (0..<50).allSatisfy { _ in x.times(transposeOf: w, bias: nil) == expected } }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(allEqual)
    }

    /// In a process of its own: other tests have threads too.
    @Test func `ends its threads when it is let go`() async {
        await #expect(processExitsWith: .success) {
            func threads() throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
            }
            let before = try threads()
            for round in 0..<200 {
                let sum = Atomic(0)
                ThreadPool(threads: 2 + round % 4).parallel(20) { sum.add($0, ordering: .relaxed) }
                #expect(sum.load(ordering: .relaxed) == 190)
            }
            // 200 pools had 500 workers. Those still on their way out are waited for: how long a thread
            // takes to end is the machine's affair, that it ends is ours.
            var patience = 60_000
            while try threads() > before + 4, patience > 0 {
                usleep(1_000)
                patience -= 1
            }
            #expect(try threads() <= before + 4)
        }
    }

    @Test func `has at least the caller`() {
        #expect(ThreadPool.shared.threads >= 1)
        #expect(ThreadPool(threads: 0).threads == 1)
    }
}

@Suite struct `The number of allowed cores` {
    /// A folder that looks like the root of a file system, with the given files.
    private func withRoot(_ files: [String: String], _ body: (String) -> Void) throws {
        let root = FileManager.default.temporaryDirectory.path + "/hone-cores-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (path, text) in files {
            let full = root + path
            try FileManager.default.createDirectory(
                atPath: String(full[..<full.lastIndex(of: "/")!]), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: full))
        }
        body(root)
    }

    @Test func `follows the tightest quota above the process in cgroup v2`() throws {
        try withRoot([
            "/proc/self/cgroup": "0::/system.slice/honed.service\n",
            "/sys/fs/cgroup/system.slice/cpu.max": "250000 100000\n",
            "/sys/fs/cgroup/system.slice/honed.service/cpu.max": "max 100000\n",
        ]) { #expect(Processors.quota(root: $0) == 3) }
        try withRoot([
            "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n",
        ]) { #expect(Processors.quota(root: $0) == 1) }
    }

    @Test func `follows the quota in cgroup v1`() throws {
        try withRoot([
            "/proc/self/cgroup": "4:memory:/a\n3:cpu,cpuacct:/a\n",
            "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "200000\n",
            "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000\n",
        ]) { #expect(Processors.quota(root: $0) == 2) }
        try withRoot([
            "/proc/self/cgroup": "3:cpu,cpuacct:/\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ]) { #expect(Processors.quota(root: $0) == nil) }
    }

    @Test func `has no quota where nothing or nonsense says so`() throws {
        try withRoot([:]) { #expect(Processors.quota(root: $0) == nil) }
        for text in ["", "max", "0 0", "-5 100000", "nan 1", "1e300 1", "abc def"] {
            try withRoot(["/proc/self/cgroup": "0::/\n\n:\nx", "/sys/fs/cgroup/cpu.max": text]) {
                #expect(Processors.quota(root: $0) == nil)
            }
        }
    }

    @Test func `counts the bits of the affinity mask`() throws {
        try withRoot([
            "/proc/self/status": "Name:\thoned\nCpus_allowed:\tff,0000000f\nCpus_allowed_list:\t0-3,32-39\n"
        ]) {
            #expect(Processors.affinity(root: $0) == 12)
        }
        #expect(Processors.affinity(root: "/") >= 1)
        #expect(Processors.available() >= 1)
    }
}
