// libcurl for Swift. Swift cannot call C functions with variable arguments, so curl_easy_setopt and
// curl_easy_getinfo are given here once for each type of argument that Hone uses. Nothing else
// belongs into this file: no policy, no memory.

#ifndef CCURL_H
#define CCURL_H

// The type checks are macros over the very functions that these wrappers replace.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/// A long: numbers, switches and durations.
static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

/// A size in bytes: the options that end in _LARGE.
static inline CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

/// A text, which libcurl copies; NULL for the option's absence.
static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

/// A pointer that libcurl keeps and does not own: callback contexts and buffers.
/// COPYPOSTFIELDS alone copies what it points to.
static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

/// A list, which must outlive the transfer.
static inline CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

/// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
static inline CURLcode ccurl_set_receiver(CURL *handle, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(handle, option, value);
}

/// CURLOPT_XFERINFOFUNCTION.
static inline CURLcode ccurl_set_progress(CURL *handle, curl_xferinfo_callback value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}

/// CURLOPT_SOCKOPTFUNCTION.
static inline CURLcode ccurl_set_socket_options(CURL *handle, curl_sockopt_callback value) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, value);
}

/// Sizes and times in microseconds: the facts that end in _T.
static inline CURLcode ccurl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

/// A text that lives as long as the handle; NULL where there is none.
static inline CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return curl_easy_getinfo(handle, info, value);
}

/// What a finished transfer ended with. CURLMsg holds a union, which Swift cannot read by its type.
static inline CURLcode ccurl_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
