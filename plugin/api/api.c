/* api.c - the exported functions: the handle, its calls, their replies. */

#include "psyche_monitor.h"

#include "api/info.h"
#include "api/references.h"
#include "api/request.h"
#include "api/stamp.h"
#include "base/memo.h"
#include "doctor/doctor.h"
#include "net/net.h"
#include "source/seen.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HANDLE_BYTES_MOST ((size_t)4 << 20)
#define CALL_BYTES_MOST                                                                            \
    ((size_t)24 << 20) /* a call's own; what it reads comes on top (net/batch.c) */
#define EARLY_CANCELS 16
#define EARLY_CANCEL_MS 1000

/* A call under way, on its thread's stack. */
struct active {
    struct pm_wait wait;
    pm_str call_id;
    bool is_cancelled, is_closed; /* the handle's lock */
    struct active *next;
};

struct early_cancel {
    char id[PM_CALL_ID_MOST];
    size_t len;
    int64_t at_mono_ms;
};

struct psyche_monitor {
    atomic_uint references; /* the caller's until close, and each call's */
    pid_t pid;
    struct pm_arena arena;
    struct pm_config config;
    struct pm_net *net; /* NULL when the config is bad */
    struct pm_references guide;
    struct pm_memo memo;
    pthread_mutex_t lock;
    struct active *active;
    struct early_cancel early[EARLY_CANCELS];
    size_t early_next;
    bool is_closing;
};

struct psyche_monitor_reply {
    int status;
    size_t len;
    const char *text; /* behind the struct, in the same block */
};

/* --- replies --- */

#define NO_MEMORY_TEXT                                                                             \
    "{\"success\":false,\"error\":\"memory ran "                                                   \
    "out\",\"error_code\":\"no_memory\",\"retryable\":true,"                                       \
    "\"supported\":[],\"refusal\":\"Do not answer from memory: nothing was looked "                \
    "up.\",\"next\":[]}"

/* Made in advance, for when nothing can be made. */
static psyche_monitor_reply no_memory = {
    .status = 1, .len = sizeof NO_MEMORY_TEXT - 1, .text = NO_MEMORY_TEXT};

static psyche_monitor_reply *make_reply(pm_str text, int status)
{
    psyche_monitor_reply *reply = text.len ? malloc(sizeof *reply + text.len + 1) : NULL;
    if (!reply) {
        return &no_memory;
    }
    char *copy = (char *)(reply + 1);
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *reply = (psyche_monitor_reply){.status = status, .len = text.len, .text = copy};
    return reply;
}

const char *psyche_monitor_reply_text(const psyche_monitor_reply *reply, size_t *len)
{
    if (len) {
        *len = reply->len;
    }
    return reply->text;
}

int psyche_monitor_reply_status(const psyche_monitor_reply *reply)
{
    return reply->status;
}

void psyche_monitor_reply_free(psyche_monitor_reply *reply)
{
    if (reply != &no_memory) {
        free(reply);
    }
}

static psyche_monitor_reply *failure_reply(struct pm_arena *arena, const struct pm_error *error,
                                           const struct pm_batch *batch)
{
    struct pm_arguments nearest = {0};
    bool has_nearest = error->code == PM_E_UNKNOWN_ACTION && error->nearest;
    if (has_nearest) {
        pm_arguments_own(&nearest, arena, "action", error->nearest);
    }
    pm_str text =
        pm_answer_failure(arena, error, batch, "psyche_monitor", has_nearest ? &nearest : NULL);
    return make_reply(arena->failed ? PM_STR("") : text, pm_code_exit(error->code));
}

/* --- the handle --- */

int psyche_monitor_abi(void)
{
    return PSYCHE_MONITOR_ABI;
}

const char *psyche_monitor_version(void)
{
    return PSYCHE_MONITOR_VERSION;
}

/* What needs more of the system than memory; false when it has no more. */
static bool init_parts(psyche_monitor *monitor)
{
    if (pthread_mutex_init(&monitor->lock, NULL) != 0) {
        return false;
    }
    if (pm_memo_init(&monitor->memo)) {
        if (pm_references_init(&monitor->guide)) {
            return true;
        }
        pm_memo_finish(&monitor->memo);
    }
    pthread_mutex_destroy(&monitor->lock);
    return false;
}

psyche_monitor *psyche_monitor_open(const char *options_json, size_t len)
{
    psyche_monitor *monitor = calloc(1, sizeof *monitor);
    if (!monitor || !init_parts(monitor)) {
        free(monitor);
        return NULL;
    }
    atomic_init(&monitor->references, 1);
    monitor->pid = getpid();
    pm_arena_init(&monitor->arena, HANDLE_BYTES_MOST);
    pm_config_load(&monitor->config, &monitor->arena,
                   options_json ? (pm_str){options_json, len} : PM_STR(""));
    if (!monitor->config.error.is_set) {
        monitor->net = pm_net_make(&monitor->config.settings);
        if (!monitor->net) {
            (void)pm_fail(&monitor->config.error, PM_E_NO_MEMORY, "memory ran out");
        }
    }
    return monitor;
}

static void release(psyche_monitor *monitor)
{
    if (atomic_fetch_sub(&monitor->references, 1) != 1) {
        return;
    }
    if (monitor->pid ==
        getpid()) { /* else the network thread, and its locks, are another process' */
        pm_net_close(monitor->net);
        pm_memo_finish(&monitor->memo);
        pthread_mutex_destroy(&monitor->lock);
    }
    pm_references_finish(&monitor->guide);
    pm_arena_finish(&monitor->arena);
    free(monitor);
}

/* Under the lock. Where a call is under way, there is a net. */
static void end_call(psyche_monitor *monitor, struct active *active)
{
    active->is_cancelled = true;
    pm_net_cancel(monitor->net, &active->wait);
}

void psyche_monitor_close(psyche_monitor *monitor)
{
    if (!monitor) {
        return;
    }
    if (monitor->pid == getpid()) {
        pthread_mutex_lock(&monitor->lock);
        monitor->is_closing = true;
        for (struct active *active = monitor->active; active; active = active->next) {
            active->is_closed = true;
            end_call(monitor, active);
        }
        pthread_mutex_unlock(&monitor->lock);
    }
    release(monitor);
}

/* --- cancelling --- */

static void remember_cancel(psyche_monitor *monitor, pm_str call_id)
{
    struct early_cancel *early = &monitor->early[monitor->early_next++ % EARLY_CANCELS];
    early->len = call_id.len;
    early->at_mono_ms = pm_clock_mono_ms();
    memcpy(early->id, call_id.ptr, call_id.len);
}

static bool was_cancelled_early(psyche_monitor *monitor, pm_str call_id)
{
    int64_t since = pm_clock_mono_ms() - EARLY_CANCEL_MS;
    for (size_t i = 0; i < EARLY_CANCELS; i++) {
        struct early_cancel *early = &monitor->early[i];
        if (early->len && early->at_mono_ms >= since &&
            pm_str_equal((pm_str){early->id, early->len}, call_id)) {
            early->len = 0;
            return true;
        }
    }
    return false;
}

void psyche_monitor_cancel(psyche_monitor *monitor, const char *call_id, size_t len)
{
    pm_str id = call_id ? (pm_str){call_id, len} : PM_STR("");
    if (!monitor || monitor->pid != getpid() || id.len > PM_CALL_ID_MOST) {
        return;
    }
    pthread_mutex_lock(&monitor->lock);
    bool was_found = false;
    for (struct active *active = monitor->active; active; active = active->next) {
        if (!call_id || (id.len && pm_str_equal(active->call_id, id))) {
            end_call(monitor, active);
            was_found = true;
        }
    }
    if (id.len && !was_found) {
        remember_cancel(monitor, id);
    }
    pthread_mutex_unlock(&monitor->lock);
}

/* False when the handle is closing. */
static bool enter(psyche_monitor *monitor, struct active *active)
{
    pthread_mutex_lock(&monitor->lock);
    active->is_cancelled = active->call_id.len && was_cancelled_early(monitor, active->call_id);
    active->wait.is_cancelled = active->is_cancelled;
    active->is_closed = monitor->is_closing;
    active->next = monitor->active;
    monitor->active = active;
    bool is_open = !monitor->is_closing;
    pthread_mutex_unlock(&monitor->lock);
    return is_open;
}

/* What became of it meanwhile. */
static bool leave(psyche_monitor *monitor, struct active *active, struct pm_error *error)
{
    pthread_mutex_lock(&monitor->lock);
    struct active **at = &monitor->active;
    while (*at != active) {
        at = &(*at)->next;
    }
    *at = active->next;
    bool is_cancelled = active->is_cancelled, is_closed = active->is_closed;
    pthread_mutex_unlock(&monitor->lock);
    if (is_closed || is_cancelled) {
        *error = (struct pm_error){0};
        return is_closed ? pm_fail(error, PM_E_CLOSED, "the handle was closed during the call")
                         : pm_fail(error, PM_E_CANCELLED, "the call was cancelled");
    }
    return true;
}

/* --- a call --- */

static int found_status(enum pm_found found)
{
    static const int statuses[] = {[PM_FOUND_TRUE] = PM_EXIT_FOUND,
                                   [PM_FOUND_FALSE] = PM_EXIT_NOT_FOUND,
                                   [PM_FOUND_UNKNOWN] = PM_EXIT_UNSURE,
                                   [PM_FOUND_AMBIGUOUS] = PM_EXIT_UNSURE};
    return statuses[found];
}

static void run_doctor(const struct pm_config *config, struct pm_call *call,
                       struct pm_answer *answer, const struct pm_references *guide, bool is_live)
{
    struct pm_doctor_host host = {.version = PSYCHE_MONITOR_VERSION,
                                  .build = pm_source_stamp,
                                  .abi = PSYCHE_MONITOR_ABI,
                                  .config_file = config->file,
                                  .references_found_by = guide->found_by};
    for (size_t i = 0; i < PM_SETTING_COUNT; i++) {
        host.settings_set += config->values[i].from != PM_FROM_DEFAULT;
    }
    pm_doctor_run(call, answer, &host, is_live);
}

/* What was asked for itself, and its answer as text. */
static pm_str run(psyche_monitor *monitor, struct pm_call *call, const struct pm_envelope *envelope,
                  int *status)
{
    const struct pm_action_row *row = pm_action_row(call->request->action);
    bool is_doctor = envelope->tool == PM_TOOL_DOCTOR;
    pm_str host_note = monitor->config.host_note;
    struct pm_answer *answer = pm_answer_make(call->arena, is_doctor ? "doctor" : row->name);
    if (!answer) {
        return PM_STR("");
    }
    pm_answer_request(answer, &call->request->as_arguments);
    if (is_doctor) {
        run_doctor(&monitor->config, call, answer, &monitor->guide, envelope->is_live);
    } else if (!row->run(call, answer)) {
        return PM_STR("");
    }
    pm_str store_note = pm_net_store_note(monitor->net, call->arena);
    if (store_note.len) {
        pm_answer_note_clean(answer, pm_clean(call->arena, PM_TEXT_NOTE, store_note));
    }
    if (host_note.len) {
        pm_answer_note_clean(answer, pm_clean(call->arena, PM_TEXT_NOTE, host_note));
    }
    *status = found_status(pm_answer_is_found(answer));
    return pm_answer_write(answer, is_doctor ? PM_DOCTOR_BYTES : call->request->budget);
}

static uint64_t deadline_of(const struct pm_envelope *envelope, const struct pm_settings *settings)
{
    return envelope->timeout_ms ? envelope->timeout_ms
           : envelope->is_live  ? PM_DOCTOR_LIVE_MS
                                : settings->timeout_ms;
}

static psyche_monitor_reply *ask(psyche_monitor *monitor, struct pm_arena *arena,
                                 const struct pm_envelope *envelope)
{
    const struct pm_settings *settings = &monitor->config.settings;
    struct active active = {.call_id = envelope->call_id};
    struct pm_call call = {.arena = arena,
                           .settings = settings,
                           .request = &envelope->request,
                           .guide = pm_references_guide(&monitor->guide, &monitor->config),
                           .now_ms = pm_clock_now_ms(&settings->clock)};
    int status = pm_code_exit(PM_E_INTERNAL);
    pm_str text = PM_STR("");
    if (!pm_wait_init(&active.wait)) {
        return &no_memory;
    }
    pm_batch_init(&call.batch, monitor->net, &active.wait, arena, settings,
                  deadline_of(envelope, settings));
    call.batch.memo = &monitor->memo;
    if (enter(monitor, &active)) {
        pm_net_enter(monitor->net, &active.wait, call.batch.deadline_mono_ms);
        text = run(monitor, &call, envelope, &status);
    }
    bool goes_on = leave(monitor, &active, &call.error);
    psyche_monitor_reply *reply = goes_on && !call.error.is_set
                                      ? make_reply(arena->failed ? PM_STR("") : text, status)
                                      : failure_reply(arena, &call.error, &call.batch);
    pm_seen_note(&call.batch);
    pm_batch_finish(&call.batch);
    pm_net_exit(monitor->net, &active.wait);
    pm_wait_finish(&active.wait);
    return reply;
}

static psyche_monitor_reply *answer(psyche_monitor *monitor, struct pm_arena *arena, pm_str request)
{
    struct pm_envelope envelope;
    struct pm_error error = {0};
    if (monitor->pid != getpid()) {
        (void)pm_fail(&error, PM_E_FORKED,
                      "this handle was opened before a fork: open one in this process");
        return failure_reply(arena, &error, NULL);
    }
    if (monitor->config.error.is_set) {
        return failure_reply(arena, &monitor->config.error, NULL);
    }
    if (!pm_request_read(arena, request, &envelope, &error)) {
        return failure_reply(arena, &error, NULL);
    }
    if (envelope.tool == PM_TOOL_INFO) {
        return make_reply(pm_info_write(arena, &monitor->config, &monitor->guide), PM_EXIT_FOUND);
    }
    return ask(monitor, arena, &envelope);
}

psyche_monitor_reply *psyche_monitor_call(psyche_monitor *monitor, const char *request_json,
                                          size_t len)
{
    struct pm_arena arena;
    if (!monitor) {
        return &no_memory;
    }
    atomic_fetch_add(&monitor->references, 1);
    pm_arena_init(&arena, CALL_BYTES_MOST);
    psyche_monitor_reply *reply =
        answer(monitor, &arena, request_json ? (pm_str){request_json, len} : PM_STR(""));
    pm_arena_finish(&arena);
    release(monitor);
    return reply;
}
