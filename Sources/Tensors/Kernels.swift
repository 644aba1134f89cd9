import CKernels
import Glibc

/// The kernels that this process uses.
let kernels: HoneKernels = unsafe honeKernels().pointee

/// A table of functions that keep no state; nothing in it ever changes.
extension HoneKernels: @retroactive @unchecked Sendable {}

/// The name of the kernels in use: `avx512bf16`, `avx512`, `avx2` or `portable`.
public var kernelName: String { unsafe String(cString: kernels.name) }

/// How many rows of a product one piece of work has: A's rows stay in L2 while a panel passes, and a
/// panel is fetched the less often the more of them there are.
let rowBlock = 128

/// The same where a block of f32 rows waits in L2 beside them until it is quantized.
let quantizedRowBlock = 64
