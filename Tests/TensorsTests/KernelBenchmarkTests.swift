import Tensors
import Testing

@Suite struct `The kernel benchmark` {
    @Test func `measures something on the kernels in use`() {
        let result = KernelBenchmark.run(m: 8, k: 16, n: 24, seconds: 0)
        #expect(result.packedGFLOPs > 0 && result.unpackedGFLOPs > 0)
        #expect(
            result.kernels == kernelName && ["portable", "avx2", "avx512", "avx512bf16"].contains(kernelName))
        #expect(result.threads == ThreadPool.shared.threads)
    }
}
