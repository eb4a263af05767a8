/* psyche_monitor.h - questions about Psyche's training runs, JSON in and JSON out.
 *
 *     psyche_monitor *monitor = psyche_monitor_open(NULL, 0);
 *     psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
 *     fwrite(psyche_monitor_reply_text(reply, &len), 1, len, stdout);
 *     psyche_monitor_reply_free(reply);
 *     psyche_monitor_close(monitor);
 *
 * The contract:
 *
 * Threads. Any number of handles, and any number of threads calling on one handle at once. One
 * call delays no other. psyche_monitor_cancel may be called from any thread.
 *
 * Time. A call returns by its deadline (15 s unless the request says otherwise) plus half a
 * second, whatever the network does; a cancelled call within 100 ms; psyche_monitor_close within
 * 100 ms.
 *
 * Fork. A child opens its own handle. An inherited one answers each call with an error, and may be
 * closed.
 *
 * Memory. A call holds at most 64 MB. When memory runs out a call answers so; nothing aborts.
 * Texts belong to the library: a reply's until psyche_monitor_reply_free, the others for ever.
 *
 * Guest manners. The library reads its config file, its environment variables and the network. It
 * prints nothing, never ends the process, installs no signal handler and no atexit function, and
 * does not touch locale, environment or working directory. Its one background thread blocks all
 * signals. The object stays loaded after dlclose, because that thread may outlive the last handle
 * by seconds.
 *
 * Versions. PSYCHE_MONITOR_ABI changes when a signature or a lifetime here does. Answers say
 * "schema":"psyche.monitor/1"; within 1, keys are only added. */
#ifndef PSYCHE_MONITOR_H
#define PSYCHE_MONITOR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PSYCHE_MONITOR_API __attribute__((visibility("default")))
#else
#define PSYCHE_MONITOR_API
#endif

/* Of this header; psyche_monitor_version and psyche_monitor_abi are the library's. */
#define PSYCHE_MONITOR_VERSION "0.1.0"
#define PSYCHE_MONITOR_ABI 1

typedef struct psyche_monitor psyche_monitor;
typedef struct psyche_monitor_reply psyche_monitor_reply;

/* The ABI of the library that is loaded: compare with PSYCHE_MONITOR_ABI. */
PSYCHE_MONITOR_API int psyche_monitor_abi(void);

/* "0.1.0" */
PSYCHE_MONITOR_API const char *psyche_monitor_version(void);

/* A JSON array of the tools there are, [{"name","description","parameters"}]; *len when len is not
 * NULL. */
PSYCHE_MONITOR_API const char *psyche_monitor_schema(size_t *len);

/* A handle. `options_json` is NULL or a JSON object: config, settings, override, offline, now,
 * references, store, env_file, host_note (docs/configuration.md). Asks nobody yet. NULL only when
 * memory is out: wrong options or a broken config file are answered by each call as "bad_config". */
PSYCHE_MONITOR_API psyche_monitor *psyche_monitor_open(const char *options_json, size_t len);

/* One question: a tool's arguments, {"action":"list_runs"}, or an envelope
 * {"tool":…,"arguments":{…},"timeout_ms":…,"budget":…,"call_id":"…"}. At most 1 MiB. Never NULL. */
PSYCHE_MONITOR_API psyche_monitor_reply *psyche_monitor_call(psyche_monitor *monitor,
                                                             const char *request_json, size_t len);

/* Ends the call of that id; the others go on. One that comes before its call is remembered for a
 * second. NULL ends all calls under way. */
PSYCHE_MONITOR_API void psyche_monitor_cancel(psyche_monitor *monitor, const char *call_id,
                                              size_t len);

/* One line of JSON, NUL-terminated; *len (without the NUL) when len is not NULL. */
PSYCHE_MONITOR_API const char *psyche_monitor_reply_text(const psyche_monitor_reply *reply,
                                                         size_t *len);

/* 0 answered and found, 1 internal, 2 bad request, 3 found false, 4 found unknown or ambiguous, 5
 * no source answered, 6 bad config, 130 cancelled. The command line exits with the same numbers. */
PSYCHE_MONITOR_API int psyche_monitor_reply_status(const psyche_monitor_reply *reply);

PSYCHE_MONITOR_API void psyche_monitor_reply_free(psyche_monitor_reply *reply); /* takes NULL */

/* Takes NULL. Calls still under way end with an error; the handle is gone when they have. */
PSYCHE_MONITOR_API void psyche_monitor_close(psyche_monitor *monitor);

#ifdef __cplusplus
}
#endif

#endif
