import Foundation
import Glibc

/// Keys from standard input, one at a time: as they are pressed where it is a terminal, else as they stand there.
struct KeyReader: ~Copyable {
    private var before = termios()
    private let isTerminal: Bool

    init() {
        isTerminal = unsafe tcgetattr(STDIN_FILENO, &before) == 0
        guard isTerminal else { return }
        var raw = before
        // Keys come at once and unseen, and Ctrl-C is one of them: what was given must be sent before the end.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    }

    /// Puts the terminal back as it was.
    func close() {
        guard isTerminal else { return }
        var settings = before
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// The next key, or nil at the end, at Ctrl-C and at Ctrl-D.
    func next() -> Character? {
        while true {
            var byte: UInt8 = 0
            guard unsafe read(STDIN_FILENO, &byte, 1) == 1, byte != 3, byte != 4 else { return nil }
            let key = Character(UnicodeScalar(byte))
            if !key.isWhitespace { return key }
        }
    }
}
