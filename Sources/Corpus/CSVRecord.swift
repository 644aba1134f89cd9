/// The fields of one CSV record (RFC 4180): separated by commas, quoted where they hold commas,
/// quotes or line breaks.
enum CSVRecord {
    struct Failure: Error, Equatable {
        let reason: String
    }

    static func fields(of record: [UInt8]) throws(Failure) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var position = 0
        var isQuoted = false
        var wasQuoted = false
        func finished() throws(Failure) -> String {
            guard let text = String(validating: field, as: UTF8.self) else {
                throw Failure(reason: "field \(fields.count + 1) is not valid UTF-8")
            }
            return text
        }
        while position < record.count {
            let byte = record[position]
            position += 1
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    field.append(byte)
                    continue
                }
                if position < record.count, record[position] == byte {
                    field.append(byte)
                    position += 1
                } else {
                    isQuoted = false
                    wasQuoted = true
                }
            } else if byte == UInt8(ascii: ",") {
                fields.append(try finished())
                field = []
                wasQuoted = false
            } else if byte == UInt8(ascii: "\""), field.isEmpty, !wasQuoted {
                isQuoted = true
            } else if byte == UInt8(ascii: "\"") || wasQuoted {
                throw Failure(reason: "field \(fields.count + 1) has a quote in the wrong place")
            } else {
                field.append(byte)
            }
        }
        guard !isQuoted else {
            throw Failure(reason: "field \(fields.count + 1) has a quote that does not end")
        }
        fields.append(try finished())
        return fields
    }
}
