/* compat.h - what a newer libcurl has and the oldest one we take (7.81) has not.
 *
 * PM_OLD_CURL builds the old paths whatever is installed, so that they are compiled and tested. */
#ifndef PM_NET_COMPAT_H
#define PM_NET_COMPAT_H

#include <curl/curl.h>

#if LIBCURL_VERSION_NUM < 0x075100
#error "libcurl 7.81 or newer is needed"
#endif

/* 7.87: a transfer may be removed while its name is still being looked up, without waiting. */
#if LIBCURL_VERSION_NUM >= 0x075700 && !defined(PM_OLD_CURL)
#define PM_CURL_QUICK_EXIT 1
#else
#define PM_CURL_QUICK_EXIT 0
#endif

/* 7.85: protocols named in a string; the bit mask is deprecated from then on. */
#if LIBCURL_VERSION_NUM >= 0x075500 && !defined(PM_OLD_CURL)
#define PM_CURL_PROTOCOLS_STR 1
#else
#define PM_CURL_PROTOCOLS_STR 0
#endif

#endif
