import Tensors

/// In which precision a model is wished to serve.
public enum ServingPrecision: String, Sendable, CaseIterable {
    /// `bf16` where the processor multiplies it, else `f32`.
    case auto
    case f32
    case bf16
    /// Only for versions whose answers in bytes are those in f32 on the hold-out; others serve as `auto`.
    case int8

    /// What is used if nothing speaks against it.
    var wished: Precision {
        switch self {
        case .auto: .preferred
        case .f32: .f32
        case .bf16: .bf16
        case .int8: .int8
        }
    }
}

/// How a model in bytes did beside itself in f32, on labelled rows that nobody learned from.
struct ByteTrial: Sendable, Equatable {
    var rows: Int
    /// On so many rows both gave the same label.
    var agreeing: Int
    var correctInFull: Int
    var correctInBytes: Int

    static let leastRows = 200
    static let leastAgreement = 0.995
    static let largestLoss = 0.003

    /// Why bytes may not serve, or `nil`.
    var refusal: String? {
        guard rows >= Self.leastRows else {
            return "bytes are not tried: \(rows) hold-out rows are fewer than \(Self.leastRows)"
        }
        let agreement = Double(agreeing) / Double(rows)
        let loss = Double(correctInFull - correctInBytes) / Double(rows)
        guard agreement < Self.leastAgreement || loss > Self.largestLoss else { return nil }
        return "bytes are not let in: the label is that of f32 on \(agreeing) of \(rows) rows "
            + "(99.5 % are needed), accuracy changes by \((-100 * loss).signed) points (−0.3 at the least)"
    }
}

extension Double {
    fileprivate var signed: String {
        let tenths = Int((self * 10).rounded())
        return (tenths < 0 ? "−" : "+") + "\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
