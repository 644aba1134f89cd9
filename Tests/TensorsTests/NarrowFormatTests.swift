import CKernels
import Tensors
import Testing

@Suite struct `Narrow formats` {
    @Test(arguments: Variant.all)
    func `bf16 is rounded as the reference rounds it`(_ variant: Variant) {
        let special: [Float] = [
            .nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
            Float(bitPattern: 0x7f80_0001), 1 + 0x1p-8, 1 + 0x1.8p-7,
        ]
        let values = special + random(1, 75, 1).values
        let x = Matrix(rows: 1, columns: values.count, values: values)
        var half = [UInt16](repeating: 7, count: values.count + 3)
        var back = Matrix(rows: 1, columns: values.count)
        unsafe half.withUnsafeMutableBufferPointer { out in
            unsafe variant.table.toHalf(x.pointer, out.baseAddress!, values.count, 2)
            unsafe variant.table.fromHalf(out.baseAddress!, back.mutablePointer, values.count)
        }
        for (index, value) in values.enumerated() {
            let expected = float(bfloat16: bfloat16(value))
            #expect(
                value.isNaN ? float(bfloat16: half[index]).isNaN : half[index] == bfloat16(value), "\(value)")
            #expect(expected.isNaN ? back[0, index].isNaN : back[0, index] == expected)
        }
        #expect(half.suffix(3) == [0, 0, 7], "two elements of padding, and no more")
    }

    @Test(arguments: Variant.all)
    func `rows are paired word by word`(_ variant: Variant) {
        let (x, y) = (random(1, 37, 1), random(1, 37, 2))
        func paired(_ lower: Matrix?) -> [UInt32] {
            var words = [UInt32](repeating: 0, count: 37)
            unsafe words.withUnsafeMutableBufferPointer {
                unsafe variant.table.pairRows(x.pointer, lower?.pointer, $0.baseAddress!, 37)
            }
            return words
        }
        let upper = x.values.map { UInt32(bfloat16($0)) }
        #expect(paired(y) == zip(upper, y.values).map { $0 | UInt32(bfloat16($1)) << 16 })
        #expect(paired(nil) == upper)
    }

    @Test(arguments: Variant.all)
    func `bytes are as near as their scale allows, and zero is exact`(_ variant: Variant) {
        var x = random(5, 43, 1)
        for column in 0..<43 {
            x[1, column] = abs(x[1, column])  // on one side of zero
            x[2, column] = 0
            x[3, column] *= 1e-20
        }
        x[4, 7] = 1000  // one far away from all others
        for column in 0..<3 { x[0, column] = 0 }
        let (bytes, scale, zero) = variant.quantized(x)
        for row in 0..<5 {
            for column in 0..<43 {
                let value = scale[row] * Float(Int32(bytes[row * 44 + column]) - zero[row])
                #expect(abs(value - x[row, column]) <= 0.5001 * scale[row], "\(row), \(column)")
                if x[row, column] == 0 { #expect(value == 0) }
            }
            #expect(bytes[row * 44 + 43] == 0, "padding")
        }
    }
}

@Suite struct `Products in narrow formats` {
    static let shapes: [(Int, Int, Int)] =
        (1...9).map { ($0, 5, 19) } + (1...50).map { (3, 4, $0) } + (1...18).map { (5, $0, 50) }
        + [(67, 67, 67), (23, 129, 97), (1, 1, 1), (48, 64, 48), (130, 31, 49), (5, 2100, 7)]

    @Test(arguments: Variant.all)
    func `bf16 equals the naive product of the rounded numbers`(_ variant: Variant) {
        for (m, k, n) in Self.shapes {
            let (a, b, bias) = (random(m, k, 1).rounded, random(k, n, 2).rounded, random(1, n, 3))
            let expected = Grid(a) * Grid(b) + Grid(bias)
            let c = variant.narrowProduct(a, b, HONE_BF16, bias: bias)
            #expect(difference(c, expected) < 2e-6 * Double(k).squareRoot(), "[\(m), \(k)] · [\(k), \(n)]")
        }
    }

    @Test(arguments: Variant.all)
    func `int8 equals the naive product of what the bytes stand for`(_ variant: Variant) {
        for (m, k, n) in Self.shapes {
            let (a, b, bias) = (random(m, k, 1), random(k, n, 2), random(1, n, 3))
            let (bytes, scale, zero) = variant.quantized(a)
            let stride = (k + 3) / 4 * 4
            let meant = Grid(m, k) { Double(scale[$0]) * Double(Int32(bytes[$0 * stride + $1]) - zero[$0]) }
            // Weights: a scale a column, the largest being 127 steps.
            let weights = Grid(k, n) { i, j in
                let unit = (0..<k).map { abs(b[$0, j]) }.max()! / 127
                return Double(unit) * Double((b[i, j] / unit).rounded(.toNearestOrEven))
            }
            let expected = meant * weights + Grid(bias)
            let c = variant.narrowProduct(a, b, HONE_INT8, bias: bias)
            #expect(difference(c, expected) < 2e-5, "[\(m), \(k)] · [\(k), \(n)]")
        }
    }

    @Test func `a linear layer's three products in bf16 are those of rounded numbers`() {
        for (n, inputs, outputs) in [(1, 1, 1), (3, 5, 7), (19, 33, 50), (67, 61, 131), (200, 48, 96)] {
            let (x, w) = (random(n, inputs, 1).rounded, random(outputs, inputs, 2).rounded)
            let (dy, b, r) = (random(n, outputs, 4).rounded, random(1, outputs, 3), random(n, inputs, 6))
            let (x16, dy16) = (Activations(x, .bf16), Activations(dy, .bf16))
            let tolerance = 1e-5 * Double(max(n, outputs)).squareRoot()
            let y = Grid(x) * Grid(w).transposed + Grid(b)
            #expect(difference(PackedWeights(w, bias: b, .bf16).apply(to: x16), y) < tolerance)
            #expect(difference(dy16.times(w, adding: r), Grid(dy) * Grid(w) + Grid(r)) < tolerance)
            var dw = random(outputs, inputs, 5)
            let expected = Grid(dw) + Grid(dy).transposed * Grid(x)
            dw.addProduct(transposeOf: dy16, x16)
            #expect(difference(dw, expected) < tolerance)
        }
    }

    @Test(arguments: Precision.allCases)
    func `GELU and its derivative ride on the product`(_ precision: Precision) {
        for (n, inputs, outputs) in [(1, 3, 5), (70, 33, 49), (130, 64, 96)] {
            let (x, w, b) = (random(n, inputs, 1).rounded, random(outputs, inputs, 2), random(1, outputs, 3))
            let weights = PackedWeights(w, bias: b, precision)
            let plain = weights.apply(to: x)
            let wide = weights.activations(of: Activations(x, precision))
            let error: Double = precision == .f32 ? 1e-6 : precision == .bf16 ? 0.02 : 0.05
            #expect(difference(wide.matrix(), Grid(plain).map { Grid.gelu($0) }) < error)

            guard precision != .int8 else { continue }
            let (dy, input) = (random(n, outputs, 4).rounded, random(n, inputs, 5).rounded)
            let d = Activations(dy, precision).times(w, geluBackward: Activations(input, precision))
            let step = 1e-5
            let slope = Grid(input).map { (Grid.gelu($0 + step) - Grid.gelu($0 - step)) / (2 * step) }
            let product = Grid(dy) * Grid(w)
            let expected = Grid(n, inputs) { product[$0, $1] * slope[$0, $1] }
            #expect(difference(d.matrix(), expected) < (precision == .f32 ? 1e-4 : 0.2))
        }
    }

    @Test(arguments: Precision.allCases)
    func `a row has the same bits alone and in a batch`(_ precision: Precision) {
        let (x, w, b) = (random(150, 70, 1), random(110, 70, 2), random(1, 110, 3))
        let packed = PackedWeights(w, bias: b, precision)
        let whole = packed.apply(to: x)
        let wide = packed.activations(of: Activations(x, precision)).matrix()
        for rows in [0..<1, 63..<64, 64..<71, 5..<150] {
            #expect(packed.apply(to: x.part(rows)) == whole.part(rows))
            let part = packed.activations(of: Activations(x.part(rows), precision)).matrix()
            #expect(part == wide.part(rows))
        }
    }
}

extension Matrix {
    /// Every element as the nearest bf16.
    fileprivate var rounded: Matrix {
        Matrix(rows: rows, columns: columns, values: values.map { float(bfloat16: bfloat16($0)) })
    }
}

extension Variant {
    /// Each row as bytes, padded to whole words.
    fileprivate func quantized(_ x: Matrix) -> (bytes: [UInt8], scale: [Float], zero: [Int32]) {
        let stride = (x.columns + 3) / 4 * 4
        var bytes = [UInt8](repeating: 9, count: x.rows * stride)
        var scale = [Float](repeating: 0, count: x.rows)
        var zero = [Int32](repeating: 0, count: x.rows)
        unsafe table.quantize(x.pointer, x.rows, x.columns, &bytes, stride, &scale, &zero)
        return (bytes, scale, zero)
    }

    /// a·b + bias, both converted by this variant's own kernels: a [m, k], b [k, n].
    fileprivate func narrowProduct(_ a: Matrix, _ b: Matrix, _ format: HoneFormat, bias: Matrix) -> Matrix {
        let width = unsafe table.panelWidth
        let (m, k, n) = (a.rows, b.rows, b.columns)
        let perWord = format == HONE_BF16 ? 2 : 4
        let words = (k + perWord - 1) / perWord
        let turned = b.turned
        var left = [UInt32](repeating: 0, count: m * words)
        var right = [UInt32](repeating: 0, count: n * words)
        var (rowScale, rowZero) = ([Float](repeating: 0, count: m), [Int32](repeating: 0, count: m))
        var (scale, sum) = ([Float](repeating: 0, count: n + width), [Int32](repeating: 0, count: n + width))
        unsafe left.withUnsafeMutableBytes { l in
            unsafe right.withUnsafeMutableBytes { r in
                if format == HONE_BF16 {
                    let (x, y) = unsafe (l.bindMemory(to: UInt16.self), r.bindMemory(to: UInt16.self))
                    for i in 0..<m {
                        unsafe table.toHalf(
                            a.pointer + i * k, x.baseAddress! + i * 2 * words, k, 2 * words - k)
                    }
                    for i in 0..<n {
                        unsafe table.toHalf(
                            turned.pointer + i * k, y.baseAddress! + i * 2 * words, k, 2 * words - k)
                    }
                } else {
                    unsafe table.quantize(
                        a.pointer, m, k, l.bindMemory(to: UInt8.self).baseAddress!, 4 * words, &rowScale,
                        &rowZero)
                    unsafe table.quantizeWeights(
                        turned.pointer, n, k, r.bindMemory(to: Int8.self).baseAddress!, 4 * words, &scale,
                        &sum)
                }
            }
        }
        var c = Matrix(rows: m, columns: n, values: [Float](repeating: .nan, count: m * n))
        var panel = Matrix(rows: 1, columns: width * words)
        for first in stride(from: 0, to: n, by: width) {
            unsafe table.packTransposed(right, words, words, first, n - first, panel.mutablePointer)
            unsafe left.withUnsafeBytes { l in
                unsafe scale.withUnsafeBufferPointer { columnScale in
                    unsafe sum.withUnsafeBufferPointer { columnSum in
                        unsafe rowScale.withUnsafeBufferPointer { scales in
                            unsafe rowZero.withUnsafeBufferPointer { zeros in
                                var product = unsafe HoneProduct()
                                unsafe product.format = format
                                unsafe product.rows = m
                                unsafe product.depth = words
                                unsafe product.a = l.baseAddress
                                unsafe product.aRow = words
                                unsafe product.aDepth = 1
                                unsafe product.panel = UnsafeRawPointer(panel.pointer)
                                unsafe product.c = UnsafeMutableRawPointer(c.mutablePointer + first)
                                unsafe product.ldc = n
                                unsafe product.columns = min(width, n - first)
                                unsafe product.bias = bias.pointer + first
                                unsafe product.rowScale = scales.baseAddress
                                unsafe product.rowZero = zeros.baseAddress
                                unsafe product.columnScale = columnScale.baseAddress! + first
                                unsafe product.columnSum = columnSum.baseAddress! + first
                                unsafe table.product(&product)
                            }
                        }
                    }
                }
            }
        }
        return c
    }
}
