import Foundation

/// The processor time that this process has used, in seconds.
func processorSeconds() -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) {
        $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
}

/// The processor time that a process has used, in seconds; `nil` where it is gone or the system does
/// not tell.
///
/// Source: `proc_pid_stat(5)`: user and system time are the 14th and 15th field, in clock ticks.
func processorSeconds(of process: Int32) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        // The second field is the program's name in parentheses, which may hold anything.
        let name = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[name...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
        return nil
    }
    return (user + system) / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
}
