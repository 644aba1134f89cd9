import Corpus
import Foundation

/// Where a request lies in [0, 1), by its id alone: what is below a share belongs to a sample of that
/// share.
///
/// The same id is in or out for ever, on every machine, so a client that sends one id a session meets
/// one version. Samples of different names are independent of each other.
package func requestShare(_ requestID: String, of sample: String) -> Double {
    let hash = ContentHash(ofBytes: Data("\(sample)\n\(requestID)".utf8))
    // 13 hexadecimal digits are 52 bits, which a double holds exactly.
    return Double(UInt64(hash.hex.prefix(13), radix: 16)!) / 0x1p52
}
