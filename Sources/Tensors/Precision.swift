import CKernels

/// In which format the two sides of a product are held. Sums are always f32 (exact integers for 8 bits).
public enum Precision: String, Sendable, Codable, Equatable, CaseIterable {
    /// 32-bit floats: the reference for all others.
    case f32
    /// The upper halves of floats: the range of f32 with three significant digits; twice as fast where
    /// the processor multiplies them.
    case bf16
    /// Signed bytes with a scale a column for weights; unsigned bytes with a scale and a zero point a
    /// row for activations. Loses a little; whoever serves with it must look how much.
    case int8

    /// The fastest format whose results cannot be told from f32's in practice: bf16 where the
    /// processor has instructions for it, else f32.
    public static var preferred: Precision { kernelName == "avx512bf16" ? .bf16 : .f32 }

    var format: HoneFormat {
        switch self {
        case .f32: HONE_F32
        case .bf16: HONE_BF16
        case .int8: HONE_INT8
        }
    }

    /// How many elements a word of 4 bytes holds.
    var elementsPerWord: Int {
        switch self {
        case .f32: 1
        case .bf16: 2
        case .int8: 4
        }
    }

    /// The words that a row of so many elements takes.
    func words(_ columns: Int) -> Int { (columns + elementsPerWord - 1) / elementsPerWord }
}
