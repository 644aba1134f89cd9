import CCurl

extension TransferFailure.Kind {
    /// What a libcurl code means for us.
    ///
    /// Source: https://curl.se/libcurl/c/libcurl-errors.html
    ///
    /// - Parameter phase: where the transfer stood, for a time-out.
    init(_ code: CURLcode, phase: IngestError.Phase) {
        self =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
                CURLE_INTERFACE_FAILED:
                .unreachable
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
                CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE:
                .untrusted
            case CURLE_OPERATION_TIMEDOUT: .timedOut(phase)
            case CURLE_PARTIAL_FILE: .truncated
            case CURLE_BAD_CONTENT_ENCODING: .undecodable
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: .notHTTP
            case CURLE_FILE_COULDNT_READ_FILE, CURLE_BAD_DOWNLOAD_RESUME, CURLE_READ_ERROR: .fileUnreadable
            case CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION, CURLE_BAD_FUNCTION_ARGUMENT:
                .invalidRequest
            default: .connectionLost
            }
    }
}
