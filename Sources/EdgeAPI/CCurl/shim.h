#pragma once

#include <curl/curl.h>

/* Swift cannot call variadic functions: one typed setter or getter for each kind of argument. */

static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*ccurl_data_function)(char *data, size_t size, size_t count, void *context);
typedef curl_socket_t (*ccurl_socket_function)(void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode ccurl_set_data_function(CURL *easy, CURLoption option, ccurl_data_function function) {
    return curl_easy_setopt(easy, option, function);
}

typedef int (*ccurl_seek_function)(void *context, curl_off_t offset, int origin);

static inline CURLcode ccurl_set_seek_function(CURL *easy, CURLoption option, ccurl_seek_function function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode ccurl_set_socket_function(CURL *easy, CURLoption option, ccurl_socket_function function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode ccurl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_string(CURL *easy, CURLINFO info, char **value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode ccurl_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

/* http and https only: by name where libcurl knows the option (7.85), by bit mask before. */
static inline CURLcode ccurl_set_web_protocols_only(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* Do not wait for a hanging name look-up when a transfer ends early (7.87). */
static inline void ccurl_set_quick_exit(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
#endif
}

/* The address that a socket is about to connect to. */
static inline const struct sockaddr *ccurl_address(const struct curl_sockaddr *address) { return &address->addr; }

/* Result of the only transfer of `multi`; 0 while it is still running. */
static inline int ccurl_finished(CURLM *multi, CURLcode *result) {
    int left = 0;
    int found = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            found = 1;
        }
    }
    return found;
}

/* Macros that Swift does not import. */
static inline long ccurl_auth_basic(void) { return (long)CURLAUTH_BASIC; }
static inline long ccurl_auth_bearer(void) { return (long)CURLAUTH_BEARER; }
static inline long ccurl_tls_1_2_or_newer(void) { return (long)CURL_SSLVERSION_TLSv1_2; }
static inline size_t ccurl_read_abort(void) { return CURL_READFUNC_ABORT; }
static inline curl_socket_t ccurl_bad_socket(void) { return CURL_SOCKET_BAD; }

static inline const char *ccurl_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }
