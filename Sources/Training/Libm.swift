import Glibc

// The few functions of libm that are needed, under names that do not hide Swift's own.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
