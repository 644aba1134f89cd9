import CKernels
import Tensors
import Testing

/// One table of kernels, called with matrices.
struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String

    /// All that this machine can run.
    static var all: [Variant] {
        let names: [String] = ["portable", "avx2", "avx512", "avx512bf16"]
        return names.filter { (name: String) -> Bool in unsafe honeKernelsNamed(name) != nil }
            .map { Variant(testDescription: $0) }
    }

    var table: HoneKernels { unsafe honeKernelsNamed(testDescription).pointee }

    /// y[j] = f(x[j]) over all elements.
    func map(
        _ x: Matrix,
        _ kernel: (HoneKernels) -> ((UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void)?
    ) -> Matrix {
        var y = Matrix(rows: x.rows, columns: x.columns)
        unsafe kernel(table)!(x.pointer, y.mutablePointer, x.count)
        return y
    }

    /// a·b and what comes with it: a [m, k], b [k, n]; with `isTurned` a is given as [k, m], with
    /// `packsTransposed` the panels are packed from bᵀ.
    func product(
        _ a: Matrix, _ b: Matrix, isTurned: Bool = false, packsTransposed: Bool = false, bias: Matrix? = nil,
        adding start: Matrix? = nil, epilogue: HoneEpilogue = HONE_EPILOGUE_NONE, residual: Matrix? = nil
    ) -> Matrix {
        let width = unsafe table.panelWidth
        let (m, k, n) = (isTurned ? a.columns : a.rows, b.rows, b.columns)
        let source = packsTransposed ? b.turned : b
        var c = start ?? Matrix(rows: m, columns: n, values: [Float](repeating: .nan, count: m * n))
        var panel = Matrix(rows: 1, columns: width * k)
        for first in stride(from: 0, to: n, by: width) {
            let pack = unsafe packsTransposed ? table.packTransposed! : table.pack!
            unsafe pack(source.pointer, source.columns, k, first, n - first, panel.mutablePointer)
            var product = unsafe HoneProduct()
            unsafe product.format = HONE_F32
            unsafe product.rows = m
            unsafe product.depth = k
            unsafe product.a = unsafe UnsafeRawPointer(a.pointer)
            unsafe product.aRow = isTurned ? 1 : k
            unsafe product.aDepth = isTurned ? m : 1
            unsafe product.panel = unsafe UnsafeRawPointer(panel.pointer)
            unsafe product.c = unsafe UnsafeMutableRawPointer(c.mutablePointer + first)
            unsafe product.ldc = n
            unsafe product.columns = min(width, n - first)
            unsafe product.bias = bias.map { unsafe $0.pointer + first }
            unsafe product.residual = residual.map { unsafe $0.pointer + first }
            unsafe product.ldr = n
            unsafe product.accumulate = start != nil
            unsafe product.epilogue = epilogue
            unsafe table.product(&product)
        }
        withExtendedLifetime((a, bias, residual)) {}
        return c
    }

    /// Attention of one head: `qkv` [n, 3·size] → [n, size].
    func attention(_ qkv: Matrix, isCausal: Bool, dropout: Float = 0) -> Matrix {
        let (n, size) = (qkv.rows, qkv.columns / 3)
        var context = Matrix(rows: n, columns: size, values: [Float](repeating: .nan, count: n * size))
        unsafe withScratch(n, size) { scratch in
            var problem = unsafe problem(qkv, isCausal, dropout, scratch)
            unsafe table.attention(&problem, context.mutablePointer, size)
        }
        return context
    }

    /// ∂loss/∂qkv from ∂loss/∂context.
    func attentionBackward(
        _ dcontext: Matrix, _ qkv: Matrix, isCausal: Bool, dropout: Float = 0
    ) -> Matrix {
        let (n, size) = (qkv.rows, qkv.columns / 3)
        var d = Matrix(rows: n, columns: 3 * size, values: [Float](repeating: .nan, count: 3 * n * size))
        unsafe withScratch(n, size) { scratch in
            var problem = unsafe problem(qkv, isCausal, dropout, scratch)
            let target = unsafe d.mutablePointer
            unsafe table.attentionBackward(
                &problem, dcontext.pointer, size, target, target + size, target + 2 * size, 3 * size)
        }
        return d
    }

    /// Scratch between two guards, which must stand afterwards.
    private func withScratch(_ n: Int, _ size: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        let count = honeAttentionScratch(n, size)
        var scratch = Matrix(rows: 1, columns: count + 32)
        for i in 0..<16 { (scratch[0, i], scratch[0, 16 + count + i]) = (7, 7) }
        unsafe body(scratch.mutablePointer + 16)
        for i in 0..<16 {
            #expect(
                scratch[0, i] == 7 && scratch[0, 16 + count + i] == 7, "scratch of \(n) × \(size) was overrun"
            )
        }
    }

    private func problem(
        _ qkv: Matrix, _ isCausal: Bool, _ dropout: Float, _ scratch: UnsafeMutablePointer<Float>
    ) -> HoneAttention {
        let size = qkv.columns / 3
        var problem = unsafe HoneAttention()
        unsafe problem.length = qkv.rows
        unsafe problem.headSize = size
        unsafe problem.q = qkv.pointer
        unsafe problem.k = qkv.pointer + size
        unsafe problem.v = qkv.pointer + 2 * size
        unsafe problem.ldqkv = 3 * size
        unsafe problem.scale = 1 / Float(size).squareRoot()
        unsafe problem.causal = isCausal
        unsafe problem.dropout = dropout
        unsafe problem.seed = 3
        unsafe problem.stream = 4
        unsafe problem.scratch = scratch
        return unsafe problem
    }
}
