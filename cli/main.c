/* main.c - the psyche-monitor command: requests in, one line of JSON each out.
 *
 * It knows the library by its public header only. */

#include "doctor.h"
#include "mcp.h"
#include "options.h"
#include "psyche_monitor.h"
#include "question.h"

#include "codec/json.h"
#include "codec/split.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_INTERNAL 1
#define EXIT_NOT_WHOLE 4
#define EXIT_INTERRUPTED 130
#define REQUEST_KEPT_MOST                                                                          \
    (((size_t)1 << 20) + 1) /* one byte more than the library reads: it refuses the rest */
#define LAST_WORDS_US 90000 /* for the answer of a call that is being cancelled */

struct session {
    psyche_monitor *monitor;
    bool wants_summary, is_strict;
    int status; /* the first that is not 0 */
};

/* --- signals: SIGINT and SIGTERM end the calls under way --- */

static void *wait_for_signal(void *user)
{
    psyche_monitor *monitor = user;
    sigset_t ends;
    int got = 0;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigwait(&ends, &got);
    psyche_monitor_cancel(monitor, NULL, 0);
    (void)usleep(LAST_WORDS_US);
    _exit(EXIT_INTERRUPTED);
}

static void catch_signals(psyche_monitor *monitor)
{
    pthread_t thread;
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    if (pthread_create(&thread, NULL, wait_for_signal, monitor) == 0) {
        (void)pthread_detach(thread);
    } else {
        (void)pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
    }
}

/* --- answers --- */

/* The summary, or why there is none. */
static void print_summary(const char *text, size_t len)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, SIZE_MAX / 4);
    yyjson_val *root = pm_json_read_copy(&arena, (pm_str){text, len}, &problem);
    pm_str words = pm_json_text(pm_json_get(root, "summary"));
    if (!words.ptr) {
        words = pm_json_text(pm_json_get(root, "error"));
    }
    (void)fwrite(words.ptr, 1, words.len, stdout);
    (void)fputc('\n', stdout);
    pm_arena_finish(&arena);
}

/* All sources that were asked did their part, and none with older facts than it should. */
static bool is_whole(const char *text, size_t len)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    size_t at, count;
    yyjson_val *source;
    pm_arena_init(&arena, SIZE_MAX / 4);
    yyjson_val *root = pm_json_read_copy(&arena, (pm_str){text, len}, &problem);
    yyjson_val *sources = pm_json_get(root, "sources");
    bool is_whole = root != NULL;
    yyjson_arr_foreach(sources, at, count, source)
    {
        is_whole = is_whole && yyjson_equals_str(pm_json_get(source, "status"), "ok") &&
                   !yyjson_get_bool(pm_json_get(source, "stale"));
    }
    pm_arena_finish(&arena);
    return is_whole;
}

static int status_of(const struct session *session, const psyche_monitor_reply *reply)
{
    size_t len = 0;
    const char *text = psyche_monitor_reply_text(reply, &len);
    int status = psyche_monitor_reply_status(reply);
    return status == 0 && session->is_strict && !is_whole(text, len) ? EXIT_NOT_WHOLE : status;
}

static void answer(struct session *session, const char *request, size_t len)
{
    size_t text_len = 0;
    psyche_monitor_reply *reply = psyche_monitor_call(session->monitor, request, len);
    const char *text = psyche_monitor_reply_text(reply, &text_len);
    if (session->wants_summary) {
        print_summary(text, text_len);
    } else {
        (void)fwrite(text, 1, text_len, stdout);
        (void)fputc('\n', stdout);
    }
    (void)fflush(stdout);
    if (session->status == 0) {
        session->status = status_of(session, reply);
    }
    psyche_monitor_reply_free(reply);
}

/* --- requests on standard input --- */

struct pending {
    char *text; /* of the document that is arriving; REQUEST_KEPT_MOST bytes */
    size_t len;
};

static void keep(struct pending *pending, const char *from, size_t len)
{
    size_t room = REQUEST_KEPT_MOST - pending->len;
    size_t kept = len < room ? len : room;
    memcpy(pending->text + pending->len, from, kept);
    pending->len += kept;
}

static void answer_pending(struct session *session, struct pending *pending)
{
    answer(session, pending->text, pending->len);
    pending->len = 0;
}

static void take_chunk(struct session *session, struct pm_split *split, struct pending *pending,
                       pm_str chunk, size_t *answered)
{
    size_t start = 0, end = 0;
    while (pm_split_next(split, chunk, &start, &end)) {
        keep(pending, chunk.ptr + start, end - start);
        answer_pending(session, pending);
        ++*answered;
        chunk = pm_str_tail(chunk, end);
    }
    if (pm_split_is_open(split)) {
        keep(pending, chunk.ptr + start, chunk.len - start);
    }
}

static int answer_input(struct session *session)
{
    static char chunk[65536];
    struct pm_split split = {0};
    struct pending pending = {.text = malloc(REQUEST_KEPT_MOST)};
    size_t answered = 0;
    if (!pending.text) {
        (void)fputs("psyche-monitor: memory ran out\n", stderr);
        return EXIT_INTERNAL;
    }
    for (;;) {
        ssize_t got = read(STDIN_FILENO, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        take_chunk(session, &split, &pending, (pm_str){chunk, (size_t)got}, &answered);
    }
    if (pm_split_is_open(&split)) {
        answer_pending(session, &pending);
        answered++;
    }
    free(pending.text);
    if (answered == 0) {
        (void)fputs("psyche-monitor: no request on standard input (psyche-monitor --help)\n",
                    stderr);
        return CLI_EXIT_USAGE;
    }
    return session->status;
}

/* --- commands --- */

static int run_call(struct session *session, const struct cli_options *options)
{
    bool reads_input = options->word_count == 0 ||
                       (options->word_count == 1 && strcmp(options->words[0], "-") == 0);
    if (reads_input) {
        return answer_input(session);
    }
    for (size_t i = 0; i < options->word_count; i++) {
        answer(session, options->words[i], strlen(options->words[i]));
    }
    return session->status;
}

static int run_question(struct session *session, const struct cli_options *options)
{
    size_t len = 0;
    char *request = cli_question_write(options, &len);
    if (!request) {
        (void)fputs("psyche-monitor: memory ran out\n", stderr);
        return EXIT_INTERNAL;
    }
    answer(session, request, len);
    free(request);
    return session->status;
}

static int print_versions(struct session *session)
{
    static const char ask[] = "{\"tool\":\"info\"}";
    struct pm_arena arena;
    struct pm_json_problem problem;
    size_t len = 0, at, count;
    psyche_monitor_reply *reply = psyche_monitor_call(session->monitor, ask, sizeof ask - 1);
    const char *text = psyche_monitor_reply_text(reply, &len);
    pm_arena_init(&arena, SIZE_MAX / 4);
    yyjson_val *root = pm_json_read_copy(&arena, (pm_str){text, len}, &problem), *key, *value;
    pm_str schema = pm_json_text(pm_json_get(root, "schema")),
           build = pm_json_text(pm_json_get(root, "build"));
    (void)printf("psyche-monitor %s\nABI %d\n", psyche_monitor_version(), psyche_monitor_abi());
    if (schema.ptr) {
        (void)printf("build %.*s\nanswers %.*s\n", PM_STR_ARG(build), PM_STR_ARG(schema));
        yyjson_val *libraries = pm_json_get(root, "libraries");
        yyjson_obj_foreach(libraries, at, count, key, value)
        {
            (void)printf("%s%s %s", at ? ", " : "", yyjson_get_str(key), yyjson_get_str(value));
        }
        (void)fputc('\n', stdout);
    }
    pm_arena_finish(&arena);
    psyche_monitor_reply_free(reply);
    return 0;
}

static int run(struct session *session, const struct cli_options *options)
{
    switch (options->command) {
    case CLI_CALL:
        return run_call(session, options);
    case CLI_QUESTION:
        return run_question(session, options);
    case CLI_INFO: {
        static const char ask[] = "{\"tool\":\"info\"}";
        answer(session, ask, sizeof ask - 1);
        return session->status;
    }
    case CLI_DOCTOR:
        if (options->wants_summary) {
            const char *ask = cli_doctor_request(options->is_live);
            answer(session, ask, strlen(ask));
            return session->status;
        }
        return cli_doctor_run(session->monitor, options->is_live);
    case CLI_MCP:
        return cli_mcp_run(session->monitor, options->content);
    case CLI_VERSION:
        return print_versions(session);
    case CLI_SCHEMA:
        (void)puts(psyche_monitor_schema(NULL));
        return 0;
    case CLI_HELP:
        cli_print_help();
        return 0;
    }
    return EXIT_INTERNAL;
}

/* A closed one would be given to the next socket or file, and answers would go there. Opened the
 * wrong way round, it fails as a closed one does. */
static void hold_standard_files(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
        if (fcntl(file, F_GETFD) < 0) {
            (void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

int main(int argc, char **argv)
{
    struct cli_options options;
    hold_standard_files();
    int status = cli_options_read(argc, argv, &options);
    if (status == 0) {
        const char *open_options = options.open_options;
        struct session session = {
            .monitor = psyche_monitor_open(open_options, open_options ? strlen(open_options) : 0),
            .wants_summary = options.wants_summary,
            .is_strict = options.is_strict,
        };
        if (options.command != CLI_MCP) {
            catch_signals(session.monitor);
        }
        status = run(&session, &options);
        psyche_monitor_close(session.monitor);
        if (fflush(stdout) != 0 || ferror(stdout)) {
            (void)fputs("psyche-monitor: standard output cannot be written\n", stderr);
            status = status ? status : EXIT_INTERNAL;
        }
    }
    cli_options_finish(&options);
    return status;
}
