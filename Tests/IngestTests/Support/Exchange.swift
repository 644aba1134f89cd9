import Glibc

/// A request as it came over the wire.
struct ReceivedRequest: Sendable {
    let method: String
    let target: String
    /// By lowercase name.
    let headers: [String: String]
    let body: [UInt8]

    init?(from connection: Int32) {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while bytes.suffix(4) != end[...] {
            guard let byte = Self.receive(1, connection).first else { return nil }
            bytes.append(byte)
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
        let first = lines[0].split(separator: " ")
        method = String(first[0])
        target = String(first[1])
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }
            headers[name.lowercased()] = String(line.dropFirst(name.count + 1).drop { $0 == " " })
        }
        self.headers = headers
        var body: [UInt8] = []
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while body.count < length {
            let more = Self.receive(length - body.count, connection)
            if more.isEmpty { return nil }
            body += more
        }
        self.body = body
    }

    fileprivate static func receive(_ count: Int, _ connection: Int32) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = unsafe recv(connection, &buffer, count, 0)
        return Array(buffer.prefix(max(0, got)))
    }
}

/// One connection in the hands of a script.
struct Exchange: Sendable {
    let connection: Int32
    let request: ReceivedRequest
    /// How many requests the server had before this one.
    let number: Int

    /// - Returns: whether the client still listens.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// A whole answer, its length announced.
    func answer(_ status: String = "200 OK", _ headers: [String] = [], _ body: String = "") {
        answer(status, headers, Array(body.utf8))
    }

    func answer(_ status: String = "200 OK", _ headers: [String] = [], _ body: [UInt8]) {
        head(status, headers + ["Content-Length: \(body.count)", "Connection: close"])
        send(body)
    }

    func head(_ status: String, _ headers: [String]) {
        send((["HTTP/1.1 \(status)"] + headers).joined(separator: "\r\n") + "\r\n\r\n")
    }

    /// Says nothing until the client has had enough.
    func hang() {
        while !ReceivedRequest.receive(1, connection).isEmpty {}
    }

    /// Waits a moment.
    ///
    /// - Returns: whether the client is still there.
    func rest(milliseconds: Int32) -> Bool {
        var watch = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&watch, 1, milliseconds) == 0
    }

    /// Closes without a farewell: the client reads "connection reset".
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
            connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }
}
