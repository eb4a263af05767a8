/* dump_page.c - prints what the decoders make of a body, for tests that know better what it says.
 *
 *     dump_page runs|run FILE [NOW_MS]     facts, and what follows from them at NOW_MS
 *     dump_page pool|status FILE           facts
 *     dump_page refusal HTTP FILE          what is made of the body of another status than 200
 *
 * One JSON object a line, "is" says of what; null is unknown. Big integers are strings. */

#include "action/derive.h"
#include "source/dashboard_inside.h"
#include "source/dashboard_pool.h"
#include "source/dashboard_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)256 << 20)

/* One line being built. */
struct line {
    yyjson_mut_doc *doc;
    yyjson_mut_val *object;
};

static struct line begin(const char *what)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    struct line line = {doc, yyjson_mut_obj(doc)};
    yyjson_mut_obj_add_str(doc, line.object, "is", what);
    return line;
}

static void end(struct line line)
{
    yyjson_mut_doc_set_root(line.doc, line.object);
    char *text = yyjson_mut_write(line.doc, 0, NULL);
    if (!text) {
        fputs("dump_page: a line cannot be written\n", stderr);
        exit(1);
    }
    puts(text);
    free(text);
    yyjson_mut_doc_free(line.doc);
}

static void put(struct line line, const char *name, yyjson_mut_val *value)
{
    yyjson_mut_obj_add_val(line.doc, line.object, name, value);
}

static void put_text(struct line line, const char *name, pm_str text)
{
    put(line, name, yyjson_mut_strncpy(line.doc, text.ptr, text.len));
}

static void put_bool(struct line line, const char *name, bool value)
{
    put(line, name, yyjson_mut_bool(line.doc, value));
}

static void put_whole(struct line line, const char *name, bool is_known, int64_t value)
{
    put(line, name, is_known ? yyjson_mut_sint(line.doc, value) : yyjson_mut_null(line.doc));
}

static void put_count(struct line line, const char *name, struct pm_count count)
{
    put(line, name,
        count.is_known ? yyjson_mut_uint(line.doc, count.value) : yyjson_mut_null(line.doc));
}

static void put_number(struct line line, const char *name, struct pm_number number)
{
    put(line, name,
        number.is_known ? yyjson_mut_real(line.doc, number.value) : yyjson_mut_null(line.doc));
}

static void put_big(struct line line, const char *name, struct pm_big big)
{
    struct pm_arena arena;
    struct pm_buf buf;
    pm_arena_init(&arena, 65536);
    pm_buf_init(&buf, &arena, 256);
    pm_big_add_text(&buf, big);
    pm_str text = pm_buf_text(&buf);
    put(line, name,
        big.is_known ? yyjson_mut_strncpy(line.doc, text.ptr, text.len)
                     : yyjson_mut_null(line.doc));
    pm_arena_finish(&arena);
}

static yyjson_mut_val *moment_value(struct line line, struct pm_moment at)
{
    yyjson_mut_doc *doc = line.doc;
    yyjson_mut_val *pair = yyjson_mut_arr(doc);
    yyjson_mut_arr_append(pair, at.has_slot ? yyjson_mut_uint(doc, at.slot) : yyjson_mut_null(doc));
    yyjson_mut_arr_append(pair,
                          at.has_time ? yyjson_mut_sint(doc, at.time_ms) : yyjson_mut_null(doc));
    return pair;
}

static void put_moment(struct line line, const char *name, struct pm_moment at)
{
    put(line, name, moment_value(line, at));
}

static void put_pauses(struct line line, const struct pm_run_info *info)
{
    yyjson_mut_val *list = yyjson_mut_arr(line.doc);
    for (size_t i = 0; i < info->pause_count; i++) {
        yyjson_mut_val *entry = yyjson_mut_arr_add_arr(line.doc, list);
        yyjson_mut_arr_add_bool(line.doc, entry, info->pauses[i].is_pause);
        yyjson_mut_arr_append(entry, moment_value(line, info->pauses[i].at));
    }
    put(line, "pauses", list);
}

static const char *state_name(enum pm_run_state state)
{
    static const char *const names[] = {"active", "waiting", "paused", "completed", "other"};
    return names[state];
}

static void dump_info(const struct pm_run_info *info)
{
    struct line line = begin("info");
    put_text(line, "id", info->id);
    put_text(line, "name", info->name);
    put_text(line, "description", info->description);
    put_text(line, "arch", info->arch);
    put_whole(line, "index", true, (int64_t)info->index);
    put_whole(line, "is_only", info->is_only_known, info->is_only);
    put_text(line, "state", pm_str_from(state_name(info->state)));
    put_text(line, "state_word", info->state_word);
    put_moment(line, "completed_at", info->completed_at);
    put_moment(line, "last_update", info->last_update);
    put_pauses(line, info);
    put_big(line, "params", info->params);
    put_big(line, "tokens_planned", info->tokens_planned);
    put_bool(line, "has_step", info->has_step);
    put_big(line, "tokens_per_second", info->tokens_per_second);
    put_big(line, "tokens_done", info->tokens_done);
    put_moment(line, "step_started", info->step_started);
    put_moment(line, "step_ended", info->step_ended);
    end(line);
}

static void dump_info_derived(const struct pm_run_info *info, int64_t now_ms)
{
    struct pm_eta eta = pm_derive_eta(info, now_ms);
    struct pm_pauses pauses = pm_derive_pauses(info, now_ms);
    struct line line = begin("info_derived");
    put_number(line, "percent", pm_derive_percent(info));
    put_big(line, "done", pm_derive_done(info));
    put_big(line, "done_now", pm_derive_done_now(info, now_ms));
    put_whole(line, "eta_s", eta.is_known, eta.seconds);
    put_whole(line, "eta_at_ms", eta.is_known, eta.at_ms);
    put_count(line, "idle_s", pm_derive_idle_s(info, now_ms));
    put_bool(line, "has_speed", pm_derive_has_speed(info, now_ms));
    put_whole(line, "pauses", true, (int64_t)pauses.count);
    put_whole(line, "paused_s", true, pauses.total_s);
    put_bool(line, "paused_now", pauses.paused_now);
    put_whole(line, "last_pause_ms", pauses.has_last, pauses.last_ms);
    end(line);
}

static void dump_runs(const struct pm_runs *runs, bool derive, int64_t now_ms)
{
    struct line line = begin("runs");
    put_whole(line, "count", true, (int64_t)runs->count);
    put_whole(line, "unreadable", true, (int64_t)runs->unreadable);
    put_big(line, "tokens_done", runs->tokens_done);
    put_big(line, "tokens_per_second_active", runs->tokens_per_second_active);
    put_bool(line, "indexer_fault", runs->indexer_fault);
    end(line);
    for (size_t i = 0; i < runs->count; i++) {
        dump_info(&runs->rows[i]);
        if (derive) {
            dump_info_derived(&runs->rows[i], now_ms);
        }
    }
}

static void put_clients(struct line line, const struct pm_run_live *live)
{
    static const char *const words[] = {"none", "waiting", "done"};
    yyjson_mut_val *list = yyjson_mut_arr(line.doc);
    for (size_t i = 0; i < live->client_count; i++) {
        const struct pm_client *client = &live->clients[i];
        yyjson_mut_val *pair = yyjson_mut_arr_add_arr(line.doc, list);
        yyjson_mut_arr_add_strncpy(line.doc, pair, client->key.ptr, client->key.len);
        yyjson_mut_arr_add_str(line.doc, pair, words[client->witness]);
    }
    put(line, "clients", live->has_clients ? list : yyjson_mut_null(line.doc));
}

static void put_checkpoint(struct line line, const struct pm_run_live *live)
{
    static const char *const kinds[] = {"none", "hub", "gcs", "other"};
    const struct pm_checkpoint *checkpoint = &live->checkpoint;
    put_bool(line, "has_checkpoint", live->has_checkpoint);
    put_text(line, "checkpoint_kind", pm_str_from(kinds[checkpoint->kind]));
    put_text(line, "checkpoint_word", checkpoint->kind_word);
    put_text(line, "checkpoint_place", checkpoint->place);
    put_bool(line, "has_revision", checkpoint->has_revision);
    put_text(line, "revision", checkpoint->revision);
}

static void dump_live(const struct pm_run_live *live)
{
    struct line line = begin("live");
    put_bool(line, "is_there", live->is_there);
    put_text(line, "phase", live->phase);
    put_whole(line, "phase_start_ms", live->has_phase_start, live->phase_start_ms);
    put_whole(line, "epoch_start_ms", live->has_epoch_start, live->epoch_start_ms);
    put_count(line, "round", live->round);
    put_clients(line, live);
    put_checkpoint(line, live);
    end(line);
}

static void dump_config(const struct pm_run_config *config)
{
    const struct pm_lr_schedule *lr = &config->lr;
    struct line line = begin("config");
    put_bool(line, "is_there", config->is_there);
    put_count(line, "minClients", config->min_clients);
    put_count(line, "epochTime", config->epoch_s);
    put_count(line, "warmupTime", config->warmup_s);
    put_count(line, "cooldownTime", config->cooldown_s);
    put_count(line, "maxRoundTrainTime", config->round_train_most_s);
    put_count(line, "roundWitnessTime", config->round_witness_s);
    put_text(line, "lr_kind", lr->kind);
    put_number(line, "base_lr", lr->base);
    put_number(line, "warmup_init_lr", lr->warmup_init);
    put_number(line, "final_lr", lr->final);
    put_number(line, "cosine_decay_final_lr", lr->cosine_final);
    put_number(line, "linear_decay_final_lr", lr->linear_final);
    put_count(line, "warmup_steps", lr->warmup_steps);
    put_count(line, "total_steps", lr->total_steps);
    put_count(line, "stable_steps", lr->stable_steps);
    put_count(line, "cosine_decay_steps", lr->cosine_steps);
    put_count(line, "linear_decay_steps", lr->linear_steps);
    end(line);
}

static void dump_series(const char *name, const struct pm_series *series)
{
    struct line line = begin("series");
    put_text(line, "of", pm_str_from(name));
    put_text(line, "name", series->name.ptr ? series->name : PM_STR(""));
    put_whole(line, "seen", true, (int64_t)series->seen);
    put_whole(line, "holes", true, (int64_t)series->holes);
    yyjson_mut_val *list = yyjson_mut_arr(line.doc);
    for (size_t i = 0; i < series->count; i++) {
        yyjson_mut_val *pair = yyjson_mut_arr_add_arr(line.doc, list);
        yyjson_mut_arr_add_real(line.doc, pair, series->points[i].step);
        yyjson_mut_arr_add_real(line.doc, pair, series->points[i].value);
    }
    put(line, "points", list);
    end(line);
}

static void dump_metrics(const struct pm_run_page *page)
{
    struct line line = begin("metrics");
    put_number(line, "loss", page->loss);
    put_number(line, "bandwidth", page->bandwidth);
    put_number(line, "tokens_per_second", page->tokens_per_second);
    put_number(line, "lr", page->lr);
    end(line);
    dump_series("loss", &page->history.loss);
    dump_series("bandwidth", &page->history.bandwidth);
    dump_series("tokensPerSecond", &page->history.tokens_per_second);
    dump_series("lr", &page->history.lr);
    for (size_t i = 0; i < page->eval_count; i++) {
        line = begin("eval");
        put_text(line, "name", page->evals[i].name);
        put_number(line, "value", page->evals[i].value);
        put_number(line, "step", page->evals[i].step);
        end(line);
    }
}

static void dump_txs(const struct pm_run_page *page)
{
    for (size_t i = 0; i < page->tx_count; i++) {
        struct line line = begin("tx");
        put_text(line, "method", page->txs[i].method);
        put_text(line, "payer", page->txs[i].payer);
        put_text(line, "hash", page->txs[i].hash);
        put_moment(line, "at", page->txs[i].at);
        end(line);
    }
}

static void dump_page_derived(const struct pm_run_page *page, int64_t now_ms)
{
    struct pm_loss loss = pm_derive_loss(page);
    struct line line = begin("page_derived");
    put_number(line, "phase_percent", pm_derive_phase_percent(&page->live, now_ms));
    put_number(line, "epoch_percent", pm_derive_epoch_percent(&page->live, now_ms));
    put_number(line, "loss", loss.last);
    put_number(line, "loss_step", loss.at_step);
    put_number(line, "mean_50", loss.mean_50);
    put_whole(line, "mean_points", true, (int64_t)loss.mean_points);
    put_number(line, "slope_per_1000_steps", loss.slope_per_1000_steps);
    put_whole(line, "slope_points", true, (int64_t)loss.slope_points);
    end(line);
}

static void dump_run(const struct pm_run_page *page, bool derive, int64_t now_ms)
{
    struct line line = begin("run");
    put_bool(line, "is_there", page->is_there);
    put_bool(line, "indexer_fault", page->indexer_fault);
    end(line);
    if (!page->is_there) {
        return;
    }
    dump_info(&page->info);
    dump_live(&page->live);
    dump_config(&page->live.config);
    dump_metrics(page);
    dump_txs(page);
    if (derive) {
        dump_info_derived(&page->info, now_ms);
        dump_page_derived(page, now_ms);
    }
}

static void dump_outcome(const struct pm_outcome *outcome, bool has_facts)
{
    struct line line = begin("outcome");
    put_text(line, "status", pm_str_from(pm_status_word(outcome->status)));
    put_text(line, "problem", pm_str_from(outcome->problem));
    put_bool(line, "has_facts", has_facts);
    end(line);
}

static struct pm_body read_file(const char *path)
{
    struct pm_body body = {0};
    size_t room = 0, got = 1;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    while (got > 0) {
        if (room - body.len < 65536) {
            room = room * 2 + 131072;
            body.ptr = realloc(body.ptr, room);
            if (!body.ptr) {
                perror(path);
                exit(1);
            }
        }
        got = fread(body.ptr + body.len, 1, 65536 - PM_JSON_PADDING, file);
        body.len += got;
    }
    fclose(file);
    return body;
}

static void dump_pool(const struct pm_pool *pool)
{
    struct line line = begin("pool");
    put_bool(line, "is_read", pool->is_read);
    put_big(line, "deposited", pool->deposited);
    put_big(line, "cap", pool->cap);
    put_count(line, "decimals", pool->decimals);
    put_text(line, "mint", pool->mint);
    put_text(line, "program", pool->program);
    put_whole(line, "unreadable", true, (int64_t)pool->unreadable);
    put_bool(line, "indexer_fault", pool->indexer_fault);
    end(line);
    for (size_t i = 0; i < pool->contributor_count; i++) {
        line = begin("contributor");
        put_text(line, "address", pool->contributors[i].address);
        put_big(line, "amount", pool->contributors[i].amount);
        put_count(line, "rank", pool->contributors[i].rank);
        end(line);
    }
}

static void dump_indexer(const char *of, const struct pm_indexer *indexer)
{
    struct line line = begin("indexer");
    put_text(line, "of", pm_str_from(of));
    put_bool(line, "is_there", indexer->is_there);
    put_text(line, "word", indexer->word);
    put_whole(line, "errors", true, (int64_t)indexer->error_count);
    put_whole(line, "last_error_ms", indexer->has_last_error, indexer->last_error_ms);
    put_count(line, "chain_slot", indexer->chain_slot);
    put_count(line, "indexed_slot", indexer->indexed_slot);
    put_text(line, "program", indexer->program);
    put_text(line, "genesis", indexer->genesis);
    end(line);
}

static void dump_status(const struct pm_dashboard_status *status)
{
    struct line line = begin("status");
    put_text(line, "commit", status->commit);
    put_whole(line, "start_ms", status->has_start, status->start_ms);
    put_whole(line, "tracked_runs", true, (int64_t)status->tracked_runs);
    end(line);
    dump_indexer("coordinator", &status->coordinator);
    dump_indexer("pool", &status->pool);
}

static void dump_known(const struct pm_kind *kind, const void *facts, const char *now_text)
{
    int64_t now_ms = now_text ? strtoll(now_text, NULL, 10) : 0;
    if (kind == &pm_dashboard_kind_runs) {
        dump_runs(facts, now_text != NULL, now_ms);
    } else if (kind == &pm_dashboard_kind_run) {
        dump_run(facts, now_text != NULL, now_ms);
    } else if (kind == &pm_dashboard_kind_pool) {
        dump_pool(facts);
    } else {
        dump_status(facts);
    }
}

static void dump_facts(const struct pm_kind *kind, struct pm_body *body, const char *now_text)
{
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    struct pm_arena arena, scratch;
    pm_arena_init(&arena, ARENA_BYTES);
    pm_arena_init(&scratch, ARENA_BYTES);
    const void *facts = kind->decode(&arena, &scratch, body, &outcome);
    pm_arena_finish(&scratch); /* facts must stand without it */
    dump_outcome(&outcome, facts != NULL);
    if (facts) {
        dump_known(kind, facts, now_text);
    }
    pm_arena_finish(&arena);
}

static const struct pm_kind *find_kind(const char *route)
{
    static const struct {
        const char *route;
        const struct pm_kind *kind;
    } rows[] = {
        {"runs", &pm_dashboard_kind_runs},
        {"run", &pm_dashboard_kind_run},
        {"pool", &pm_dashboard_kind_pool},
        {"status", &pm_dashboard_kind_status},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(route, rows[i].route) == 0) {
            return rows[i].kind;
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    struct pm_outcome outcome = {.status = PM_STATUS_OK};
    struct pm_body body = {0};
    if (find_kind(what)) {
        body = read_file(argv[2]);
        dump_facts(find_kind(what), &body, argc > 3 ? argv[3] : NULL);
    } else if (strcmp(what, "refusal") == 0 && argc > 3) {
        body = read_file(argv[3]);
        bool is_final = pm_dashboard_refuse(strtol(argv[2], NULL, 10), &body, &outcome);
        dump_outcome(&outcome, is_final);
    } else {
        fputs("usage: dump_page runs|run|pool|status FILE [NOW_MS] | dump_page refusal HTTP FILE\n",
              stderr);
        return 2;
    }
    free(body.ptr);
    return 0;
}
