public import Tensors

/// What turns an encoder's hidden states into logits.
public protocol Head: Sendable {
    associatedtype Cache: Sendable

    init(_ configuration: ModelConfiguration)

    /// The last layer, whose rows are the outputs: [k, d].
    var classifier: Linear { get set }

    /// Whether `transformers` has a class for the network with this head.
    static func isNative(_ configuration: ModelConfiguration) -> Bool

    /// The name that the family has for one of its tensors; `nil` where it is ours.
    static func tensorName(_ name: String, _ configuration: ModelConfiguration) -> String?

    /// - Parameter hidden: [n, d].
    /// - Returns: logits, one row for each text or each token.
    func forward(_ hidden: Matrix, _ pass: Pass) -> (logits: Matrix, cache: Cache)

    /// - Returns: ∂loss/∂hidden, [n, d].
    func backward(_ dlogits: Matrix, _ cache: Cache, _ pass: Pass, into gradient: inout Self) -> Matrix

    /// Shows the linear layers below the classifier.
    mutating func eachLinear(_ body: (String, inout Linear) -> Void)

    mutating func visit(_ body: (Parameter, inout Matrix) throws -> Void) rethrows
}

extension Head {
    public static func isNative(_ configuration: ModelConfiguration) -> Bool { true }
    public static func tensorName(_ name: String, _ configuration: ModelConfiguration) -> String? { nil }
    public mutating func eachLinear(_ body: (String, inout Linear) -> Void) {}
}

/// Where dropout falls in any head: no head has more than these two places.
enum HeadSite {
    static let dropout = 1 << 14
    static let innerDropout = 1 << 14 + 1
}
