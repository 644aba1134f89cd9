import Crypto
package import Foundation

/// Proves that whoever sent a message knew the key, and that nobody changed it on the way.
///
/// - Returns: HMAC with SHA-256 as 64 hexadecimal digits.
///
/// Source: [RFC 2104](https://www.rfc-editor.org/rfc/rfc2104).
package func hmacSHA256(of message: some DataProtocol, key: some ContiguousBytes) -> String {
    HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)).hexadecimal
}
