/// One header of a request or a response.
struct HeaderField: Sendable, Equatable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// A token of RFC 9110 §5.6.2.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                switch $0 {
                case 48...57, 65...90, 97...122: true
                default: "!#$%&'*+-.^_`|~".utf8.contains($0)
                }
            }
    }

    /// Free of what would end the header and begin another.
    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
    }
}

/// The status and the headers of an answer.
package struct ResponseHead: Sendable, Equatable {
    /// 0 for a file, which has none.
    package var statusCode = 0
    /// Whether the protocol itself says where a body ends, as from HTTP/2 on.
    var isFramed = false
    var fields: [HeaderField] = []

    package init() {}

    /// The first value of a header, whatever the case of its name.
    package func value(of name: String) -> String? {
        let name = name.lowercased()
        return fields.first { $0.name == name }?.value
    }

    package func values(of name: String) -> [String] {
        let name = name.lowercased()
        return fields.filter { $0.name == name }.map(\.value)
    }
}

/// Puts a head together from the lines that libcurl hands over one by one.
package struct HeadReader: Sendable {
    /// Of all heads of one transfer, interim ones included.
    package static let maximumBytes = 256 << 10

    package enum Event: Sendable, Equatable {
        case incomplete, complete, tooLarge
    }

    package private(set) var head = ResponseHead()
    package private(set) var isComplete = false
    private var bytes = 0

    package init() {}

    package mutating func take(_ line: [UInt8]) -> Event {
        bytes += line.count
        guard bytes <= Self.maximumBytes else { return .tooLarge }
        // What comes after the head is the trailer of a chunked body; nobody asks for it.
        guard !isComplete else { return .incomplete }
        let text = String(decoding: line, as: UTF8.self).trimmingSpace
        if text.isEmpty {
            // 1xx announces that the real answer is still to come.
            guard !(100..<200).contains(head.statusCode) else { return .incomplete }
            isComplete = true
            return .complete
        }
        if text.hasPrefix("HTTP/") {
            head = ResponseHead()
            let parts = text.split(separator: " ", maxSplits: 2)
            head.statusCode = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            head.isFramed = !parts[0].hasPrefix("HTTP/1")
        } else if let colon = text.firstIndex(of: ":") {
            head.fields.append(
                HeaderField(
                    text[..<colon].trimmingSpace.lowercased(),
                    String(text[text.index(after: colon)...].trimmingSpace)))
        }
        return .incomplete
    }
}
