import Glibc

// The few functions of libm that the house needs, under names that do not hide Swift's own.
func logarithm(_ x: Double) -> Double { log(x) }
func cosine(_ x: Double) -> Double { cos(x) }
