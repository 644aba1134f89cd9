// The two 16-bit formats that checkpoints come in.

/// A bfloat16's value: the upper half of a float.
public func float(bfloat16 bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) << 16)
}

/// The nearest bfloat16, ties to even; NaN stays NaN.
public func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    guard !value.isNaN else { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16)
}

/// An IEEE half-precision number's value.
public func float(float16 bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
        let value = Float(fraction) * 0x1p-24
        return sign == 0 ? value : -value
    case 0x1F:
        return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
        return Float(bitPattern: sign | UInt32(exponent + 112) << 23 | fraction << 13)
    }
}
