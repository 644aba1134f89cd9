import Tensors
import Testing

@Suite struct `Sixteen-bit floats` {
    @Test func `in bfloat16 come back exactly for every bit pattern`() {
        for bits in UInt16.min...UInt16.max {
            let value = float(bfloat16: bits)
            let isSame = value.isNaN ? float(bfloat16: bfloat16(value)).isNaN : bfloat16(value) == bits
            if !isSame { Issue.record("\(bits)") }
        }
    }

    @Test func `in bfloat16 round to nearest, ties to even`() {
        #expect(float(bfloat16: bfloat16(1 + 0x1p-8)) == 1)  // halfway, 1 is even
        #expect(float(bfloat16: bfloat16(1 + 0x1.8p-8)) == 1 + 0x1p-7)
        #expect(float(bfloat16: bfloat16(1 + 0x1.8p-7)) == 1 + 0x1p-6)  // halfway, the upper is even
        #expect(float(bfloat16: bfloat16(.greatestFiniteMagnitude)) == .infinity)
        #expect(float(bfloat16: bfloat16(-.infinity)) == -.infinity)
        // A NaN whose set bits are all in the half that is cut off must not become infinity.
        #expect(float(bfloat16: bfloat16(Float(bitPattern: 0x7f80_0001))).isNaN)
    }

    @Test func `in half precision have the value that the processor gives them`() {
        for bits in UInt16.min...UInt16.max {
            let (value, expected) = (float(float16: bits), Float(Float16(bitPattern: bits)))
            let isSame = expected.isNaN ? value.isNaN : value.bitPattern == expected.bitPattern
            if !isSame { Issue.record("\(bits): \(value) instead of \(expected)") }
        }
    }
}
