/* batch.c - the requests of one call. */

#include "net/batch.h"

#include "net/net.h"

#define CALL_BYTES_MOST ((size_t)64 << 20) /* bodies, facts and the call's own memory */
#define STALE_MOST_MS (INT64_C(7) * 24 * 3600 * 1000)

void pm_batch_init(struct pm_batch *batch, struct pm_net *net, struct pm_wait *wait,
                   struct pm_arena *arena, const struct pm_settings *settings, uint64_t timeout_ms)
{
    int64_t now = pm_clock_mono_ms();
    *batch = (struct pm_batch){
        .net = net,
        .wait = wait,
        .arena = arena,
        .settings = settings,
        .started_mono_ms = now,
        .deadline_mono_ms = now + (int64_t)timeout_ms,
    };
}

static void close_ask(struct pm_ask *ask, enum pm_status status, const char *problem)
{
    ask->is_in = true;
    pm_outcome_set(&ask->outcome, status, "%s", problem);
}

static void send(struct pm_batch *batch, struct pm_ask *ask)
{
    *ask->waiter =
        (struct pm_waiter){.wait = batch->wait, .deadline_mono_ms = batch->deadline_mono_ms};
    ask->entry = pm_net_get(batch->net, ask->kind, ask->url, ask->body, ask->waiter);
    if (!ask->entry) {
        close_ask(ask, PM_STATUS_NO_MEMORY, "memory ran out");
    }
}

static struct pm_ask *lose(struct pm_batch *batch, const struct pm_kind *kind)
{
    batch->lost = (struct pm_ask){.kind = kind};
    close_ask(&batch->lost, PM_STATUS_NO_MEMORY, "no room for another request");
    return &batch->lost;
}

struct pm_ask *pm_batch_ask(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                            bool carries)
{
    return pm_batch_post(batch, kind, url, PM_STR(""), carries);
}

static struct pm_ask *find_ask(const struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                               pm_str body)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct pm_ask *ask = batch->asks[i];
        if (ask->kind == kind && pm_str_equal(ask->url, url) && pm_str_equal(ask->body, body)) {
            return ask;
        }
    }
    return NULL;
}

/* One more, not sent yet; NULL when there is no room. */
static struct pm_ask *add_ask(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                              pm_str body)
{
    struct pm_ask *ask = pm_arena_zero(batch->arena, sizeof *ask);
    struct pm_waiter *waiter = pm_arena_zero(batch->arena, sizeof *waiter);
    pm_str kept_url = pm_arena_copy(batch->arena, url);
    pm_str kept_body = pm_arena_copy(batch->arena, body);
    if (batch->count == PM_BATCH_MOST || batch->arena->failed) {
        return NULL;
    }
    *ask = (struct pm_ask){.kind = kind, .url = kept_url, .body = kept_body, .waiter = waiter};
    batch->asks[batch->count++] = ask;
    return ask;
}

struct pm_ask *pm_batch_post(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                             pm_str body, bool carries)
{
    struct pm_ask *ask = find_ask(batch, kind, url, body);
    bool is_new = !ask;
    ask = ask ? ask : add_ask(batch, kind, url, body);
    if (!ask) {
        return lose(batch, kind);
    }
    ask->carries = ask->carries || carries;
    if (is_new && batch->settings->is_offline && !pm_net_has_store(batch->net)) {
        close_ask(ask, PM_STATUS_OFFLINE, "not asked: offline by request");
    } else if (is_new) {
        send(batch, ask);
    }
    return ask;
}

struct pm_ask *pm_batch_decline(struct pm_batch *batch, const struct pm_kind *kind, pm_str url,
                                const char *problem)
{
    struct pm_ask *ask = find_ask(batch, kind, url, PM_STR(""));
    if (!ask) {
        ask = add_ask(batch, kind, url, PM_STR(""));
        if (!ask) {
            return lose(batch, kind);
        }
        close_ask(ask, PM_STATUS_OFFLINE, problem);
    }
    return ask;
}

/* --- reading what is in --- */

/* Only for an entry whose facts were asked for: until then they may still be growing. */
static bool fits(struct pm_batch *batch, const struct pm_entry *entry)
{
    size_t bytes = pm_entry_bytes(entry);
    if (bytes + batch->bytes + batch->arena->ceiling_bytes > CALL_BYTES_MOST) {
        return false;
    }
    batch->bytes += bytes;
    return true;
}

static void read_older(struct pm_batch *batch, struct pm_ask *ask)
{
    struct pm_entry *older = pm_net_older(batch->net, ask->entry);
    int64_t now = pm_clock_now_ms(&batch->settings->clock);
    bool is_of_use = older && now - pm_entry_received_ms(older) < STALE_MOST_MS;
    const void *facts = is_of_use ? pm_entry_facts(older) : NULL;
    if (facts && fits(batch, older)) {
        ask->facts = facts;
        ask->is_stale = true;
        ask->from = older;
    } else {
        pm_entry_release(older);
    }
}

void pm_batch_begin_patience(struct pm_batch *batch)
{
    batch->patience_until_mono_ms = pm_clock_mono_ms() + (int64_t)batch->settings->patience_ms;
}

static void read_ask(struct pm_batch *batch, struct pm_ask *ask)
{
    ask->facts = pm_entry_facts(ask->entry);
    ask->outcome = *pm_entry_outcome(ask->entry);
    if (ask->facts && !fits(batch, ask->entry)) {
        ask->facts = NULL;
        pm_outcome_set(&ask->outcome, PM_STATUS_TOO_LARGE, "more than a call may hold");
    } else if (ask->facts) {
        pm_net_keep(batch->net, ask->entry);
        ask->from = pm_entry_retain(ask->entry);
        if (ask->carries && batch->patience_until_mono_ms == 0) {
            pm_batch_begin_patience(batch);
        }
    } else {
        pm_net_disown(batch->net, ask->entry);
        read_older(batch, ask);
    }
}

/* --- waiting --- */

/* Marks what has come in since; under the lock. */
static size_t note_arrivals(struct pm_batch *batch, struct pm_ask *arrived[PM_BATCH_MOST],
                            bool *is_open)
{
    size_t count = 0;
    *is_open = false;
    for (size_t i = 0; i < batch->count; i++) {
        struct pm_ask *ask = batch->asks[i];
        if (!ask->is_in && pm_entry_is_in(ask->entry)) {
            ask->is_in = true;
            arrived[count++] = ask;
        }
        *is_open = *is_open || (!ask->is_in && !ask->is_aside);
    }
    return count;
}

static int64_t wait_until(const struct pm_batch *batch)
{
    int64_t patience = batch->patience_until_mono_ms;
    return patience && patience < batch->deadline_mono_ms ? patience : batch->deadline_mono_ms;
}

void pm_batch_wake_at(struct pm_batch *batch, int64_t mono_ms)
{
    if (batch->wake_mono_ms == 0 || mono_ms < batch->wake_mono_ms) {
        batch->wake_mono_ms = mono_ms;
    }
}

/* Somebody asked to be woken, and it is time. */
static bool is_woken(struct pm_batch *batch, int64_t until)
{
    bool is_time = batch->wake_mono_ms && batch->wake_mono_ms < until &&
                   pm_clock_mono_ms() >= batch->wake_mono_ms;
    if (is_time) {
        batch->wake_mono_ms = 0;
    }
    return is_time;
}

/* Under the lock. A store that takes too long to look is not waited for. */
static int64_t sleep_until(const struct pm_batch *batch, int64_t until)
{
    int64_t now = pm_clock_mono_ms();
    until = batch->wake_mono_ms && batch->wake_mono_ms < until ? batch->wake_mono_ms : until;
    for (size_t i = 0; i < batch->count; i++) {
        const struct pm_ask *ask = batch->asks[i];
        int64_t look_until = ask->is_in ? 0 : pm_net_hurry(batch->net, ask->entry, now);
        until = look_until && look_until < until ? look_until : until;
    }
    return until;
}

void pm_batch_give_up(struct pm_batch *batch, struct pm_ask *ask, const char *problem)
{
    if (!ask->is_in) {
        close_ask(ask, PM_STATUS_TIMEOUT, problem);
        ask->outcome.took_ms = pm_clock_mono_ms() - batch->started_mono_ms;
    }
}

bool pm_ask_slot(const struct pm_ask *ask, uint64_t *slot)
{
    return ask->facts && ask->kind->slot && ask->kind->slot(ask->facts, slot);
}

bool pm_batch_slot_before(struct pm_batch *batch, const struct pm_ask *ask, uint64_t *slot)
{
    bool is_fresh = ask->entry && ask->facts && !ask->is_stale && ask->kind->slot;
    struct pm_entry *older = is_fresh ? pm_net_older(batch->net, ask->entry) : NULL;
    const void *facts = older ? pm_entry_facts(older) : NULL;
    bool has_slot = facts && fits(batch, older) && ask->kind->slot(facts, slot);
    pm_entry_release(older);
    return has_slot;
}

/* There was no time left for it, or for what its source asked to wait. */
static void close_late(struct pm_batch *batch, struct pm_ask *ask)
{
    long http = 0;
    int64_t pause_ms = pm_net_pause(batch->net, ask->entry, &http);
    close_ask(ask, PM_STATUS_TIMEOUT,
              batch->patience_until_mono_ms ? "no answer in the time allowed after the others"
                                            : "no answer in the time of the call");
    if (pause_ms) {
        pm_outcome_set(&ask->outcome, http == 429 ? PM_STATUS_RATE_LIMITED : PM_STATUS_UNAVAILABLE,
                       "HTTP %ld: come back in %lld s", http, (long long)((pause_ms + 999) / 1000));
    }
}

static void close_open_asks(struct pm_batch *batch)
{
    int64_t waited_ms = pm_clock_mono_ms() - batch->started_mono_ms;
    for (size_t i = 0; i < batch->count; i++) {
        struct pm_ask *ask = batch->asks[i];
        if (!ask->is_in) {
            close_late(batch, ask);
            ask->outcome.took_ms = waited_ms;
            if (!ask->is_aside) { /* else nobody asks for it any more, nor for an older one */
                read_older(batch, ask);
            }
        }
    }
}

bool pm_batch_wait(struct pm_batch *batch)
{
    struct pm_ask *arrived[PM_BATCH_MOST];
    size_t count = 0;
    bool is_open = true, has_woken = false, has_left = false;
    pm_net_lock(batch->net);
    while (!batch->wait->is_cancelled) {
        count = note_arrivals(batch, arrived, &is_open);
        int64_t until = wait_until(batch);
        has_woken = is_open && is_woken(batch, until);
        if (count || !is_open || has_woken || pm_clock_mono_ms() >= until) {
            break;
        }
        has_left = pm_gate_leave(batch->net, batch->wait) || has_left;
        pm_net_sleep(batch->net, batch->wait, sleep_until(batch, until));
    }
    if (has_left) {
        pm_gate_enter(batch->net, batch->wait, batch->deadline_mono_ms);
    }
    pm_net_unlock(batch->net);
    for (size_t i = 0; i < count; i++) {
        read_ask(batch, arrived[i]);
    }
    if (count == 0 && !has_woken) {
        close_open_asks(batch);
    }
    return count > 0 || has_woken;
}

bool pm_batch_cancelled(const struct pm_batch *batch)
{
    pm_net_lock(batch->net);
    bool is_cancelled = batch->wait->is_cancelled;
    pm_net_unlock(batch->net);
    return is_cancelled;
}

void pm_batch_finish(struct pm_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct pm_ask *ask = batch->asks[i];
        pm_entry_release(ask->from);
        if (ask->entry) {
            pm_net_leave(batch->net, ask->entry, ask->waiter);
        }
    }
    batch->count = 0;
}
