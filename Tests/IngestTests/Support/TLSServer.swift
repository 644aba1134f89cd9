import Foundation
import Testing

/// A server with a certificate that nobody signed but itself: `openssl s_server`, which hands out the
/// files of a folder as whole HTTP answers.
final class TLSServer: Sendable {
    let url: String
    /// The certificate, as a client would be told to trust it.
    let certificate: String
    private let process: Process

    /// - Parameter name: what the certificate is for, in the words of `subjectAltName`.
    init(name: String, in folder: TemporaryFolder) throws {
        certificate = folder.path + "/certificate.pem"
        let key = folder.path + "/key.pem"
        let request = try Self.openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2",
            ]
                + [
                    "-subj", "/CN=hone", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out",
                    certificate,
                ],
            in: folder)
        request.waitUntilExit()
        try #require(request.terminationStatus == 0, "openssl could not make a certificate")

        try folder.write(
            "rows",
            "HTTP/1.1 200 OK\r\nContent-Length: \(twoRows.utf8.count)\r\nConnection: close\r\n\r\n" + twoRows)
        let output = Pipe()
        process = try Self.openssl(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-HTTP"], in: folder,
            output: output)
        var said = ""
        // It tells the port that it was given: "ACCEPT 127.0.0.1:40123".
        while !said.contains("ACCEPT ") || !said.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "openssl s_server ended: \(said)")
            said += String(decoding: more, as: UTF8.self)
        }
        let port = said.split(separator: "\n").compactMap {
            $0.hasPrefix("ACCEPT ") ? $0.split(separator: ":").last : nil
        }
        url = "https://127.0.0.1:\(try #require(port.first))/rows"
    }

    deinit { process.terminate() }

    private static func openssl(_ arguments: [String], in folder: TemporaryFolder, output: Pipe? = nil) throws
        -> Process
    {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
