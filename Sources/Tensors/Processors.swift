import Glibc

/// How many processors this process may use: not how many the machine has.
///
/// In a container or a service with `CPUQuota=` the scheduler shows all of them and then stops the
/// process for the rest of each period; threads beyond the quota only make each other wait.
package enum Processors {
    /// `HONE_THREADS`, or the scheduler's affinity bounded by the cgroup's quota.
    package static func available() -> Int {
        if let text = unsafe getenv("HONE_THREADS"), let wish = unsafe Int(String(cString: text)), wish > 0 {
            return min(wish, 256)
        }
        return max(1, min(affinity(root: "/"), quota(root: "/") ?? .max))
    }

    /// How many processors the scheduler may put this process on.
    ///
    /// `root` is `/`, or in tests a folder that looks like it.
    package static func affinity(root: String) -> Int {
        // "Cpus_allowed:	f,ffffffff": a bit for each processor, however many there are.
        let prefix = "Cpus_allowed:"
        let line = text(of: root + "/proc/self/status")?.split(separator: "\n").first { $0.hasPrefix(prefix) }
        let allowed = line?.dropFirst(prefix.count).reduce(0) {
            $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0)
        }
        if let allowed, allowed > 0 { return allowed }
        return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// The tightest CPU quota above this process in whole processors, rounded up; `nil` without one.
    ///
    /// cgroup v2 keeps `cpu.max`, v1 `cpu.cfs_quota_us` and `cpu.cfs_period_us`; any level of the
    /// hierarchy may have one.
    /// Source: <https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files>.
    package static func quota(root: String) -> Int? {
        var tightest: Double?
        for line in text(of: root + "/proc/self/cgroup")?.split(separator: "\n") ?? [] {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isV2 = fields[0] == "0" && fields[1].isEmpty
            guard isV2 || fields[1].split(separator: ",").contains("cpu") else { continue }
            let mounts = isV2 ? ["/sys/fs/cgroup"] : ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"]
            var path = fields[2].split(separator: "/")
            while true {
                for mount in mounts {
                    let folder = root + mount + path.map { "/" + $0 }.joined()
                    if let found = isV2 ? quotaV2(folder) : quotaV1(folder) {
                        tightest = min(tightest ?? found, found)
                    }
                }
                if path.popLast() == nil { break }
            }
        }
        return tightest.map { max(1, Int($0.rounded(.up))) }
    }

    private static func quotaV2(_ folder: String) -> Double? {
        let words = text(of: folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
        guard words.count == 2 else { return nil }
        return processors(Double(words[0]), Double(words[1]))
    }

    private static func quotaV1(_ folder: String) -> Double? {
        func number(_ name: String) -> Double? {
            text(of: folder + "/" + name)?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
        }
        return processors(number("cpu.cfs_quota_us"), number("cpu.cfs_period_us"))
    }

    private static func processors(_ time: Double?, _ period: Double?) -> Double? {
        guard let time, let period, time > 0, period > 0, time / period < 1_000_000 else { return nil }
        return time / period
    }

    /// The beginning of a small file of the system.
    private static func text(of path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
