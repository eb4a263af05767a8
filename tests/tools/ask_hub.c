/* ask_hub.c - the hub's side of the library by itself, for tests in Python: a JSON line an ask.
 *
 *   ask_hub HUB_URL GCS_URL TIMEOUT_MS [token=TOKEN] [off]
 *
 * Questions on standard input, a line each: search AUTHOR|- WORDS|-, model REPO [REVISION],
 * tree REPO REVISION [CURSOR], commits REPO REVISION LIMIT PAGE, index REPO REVISION PATH,
 * manifest BUCKET [PREFIX]. An empty line ends a batch, and all of its answers are written. */

#include "net/net.h"
#include "source/gcs.h"
#include "source/hub_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_ROOM 8192
#define WORDS_MOST 6

struct asking {
    struct pm_arena arena;
    struct pm_batch batch;
    struct pm_wait wait;
    struct pm_ask *asks[PM_BATCH_MOST];
    size_t count;
};

static void give_up(const char *why, const char *what)
{
    (void)fprintf(stderr, "ask_hub: %s: %s\n", why, what);
    exit(2);
}

/* --- facts as JSON --- */

static void add_text(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *name, pm_str text)
{
    (void)yyjson_mut_obj_add_strncpy(doc, object, name, text.ptr ? text.ptr : "", text.len);
}

static void add_found(yyjson_mut_doc *doc, yyjson_mut_val *line, enum pm_hub_found found)
{
    static const char *const words[] = {"there", "missing",  "no revision", "no file",
                                        "gated", "disabled", "bad token",   "other"};
    (void)yyjson_mut_obj_add_str(doc, line, "found", words[found]);
}

static void add_number(yyjson_mut_doc *doc, yyjson_mut_val *line, const char *name, uint64_t value)
{
    (void)yyjson_mut_obj_add_uint(doc, line, name, value);
}

static void add_files(yyjson_mut_doc *doc, yyjson_mut_val *line, const struct pm_hub_file *files,
                      size_t count)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, line, "files");
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *row = yyjson_mut_arr_add_arr(doc, list);
        (void)yyjson_mut_arr_add_strncpy(doc, row, files[i].path.ptr, files[i].path.len);
        (void)yyjson_mut_arr_add_sint(doc, row, files[i].has_size ? (int64_t)files[i].size : -1);
    }
}

static void add_models(yyjson_mut_doc *doc, yyjson_mut_val *line,
                       const struct pm_hub_models *models)
{
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, line, "ids");
    for (size_t i = 0; models && i < models->count; i++) {
        pm_str id = models->rows[i].id;
        (void)yyjson_mut_arr_add_strncpy(doc, list, id.ptr, id.len);
    }
    (void)yyjson_mut_obj_add_bool(doc, line, "has_more", models && models->has_more);
}

static void add_model(yyjson_mut_doc *doc, yyjson_mut_val *line, const struct pm_hub_model *model)
{
    add_found(doc, line, model->found);
    add_text(doc, line, "id", model->id);
    add_text(doc, line, "sha", model->sha);
    add_files(doc, line, model->files, model->file_count);
}

static void add_tree(yyjson_mut_doc *doc, yyjson_mut_val *line, const struct pm_hub_tree *tree)
{
    add_found(doc, line, tree->found);
    add_text(doc, line, "next", tree->next);
    (void)yyjson_mut_obj_add_bool(doc, line, "has_more", tree->has_more);
    add_files(doc, line, tree->files, tree->count);
}

static void add_commits(yyjson_mut_doc *doc, yyjson_mut_val *line,
                        const struct pm_hub_commits *commits)
{
    yyjson_mut_val *steps = yyjson_mut_obj_add_arr(doc, line, "steps");
    add_found(doc, line, commits->found);
    add_number(doc, line, "total", commits->has_total ? commits->total : 0);
    (void)yyjson_mut_obj_add_bool(doc, line, "has_more", commits->has_more);
    for (size_t i = 0; i < commits->count; i++) {
        (void)yyjson_mut_arr_add_uint(doc, steps,
                                      commits->rows[i].has_step ? commits->rows[i].step : 0);
    }
}

static void add_index(yyjson_mut_doc *doc, yyjson_mut_val *line, const struct pm_hub_index *index)
{
    add_found(doc, line, index->found);
    add_number(doc, line, "file_count", index->file_count);
    add_number(doc, line, "tensors", index->tensors);
    add_number(doc, line, "total_size", index->total_size);
}

static void add_manifest(yyjson_mut_doc *doc, yyjson_mut_val *line,
                         const struct pm_gcs_manifest *manifest)
{
    static const char *const words[] = {"there", "missing", "denied"};
    (void)yyjson_mut_obj_add_str(doc, line, "found", words[manifest->found]);
    (void)yyjson_mut_obj_add_bool(doc, line, "is_bucket_missing", manifest->is_bucket_missing);
    add_number(doc, line, "step", manifest->step.value);
    add_number(doc, line, "file_count", manifest->count);
    add_number(doc, line, "total_size", manifest->total_size);
    add_text(doc, line, "generation", manifest->generation);
}

static bool is_of(const struct pm_ask *ask, const struct pm_hub_kinds *kinds)
{
    return ask->kind == &kinds->moving || ask->kind == &kinds->pinned;
}

static void add_facts(yyjson_mut_doc *doc, yyjson_mut_val *line, const struct pm_ask *ask)
{
    if (!ask->facts) {
        return;
    }
    if (ask->kind == &pm_hub_kind_search) {
        add_models(doc, line, pm_hub_models(ask));
    } else if (is_of(ask, &pm_hub_kinds_model)) {
        add_model(doc, line, pm_hub_model(ask));
    } else if (is_of(ask, &pm_hub_kinds_tree)) {
        add_tree(doc, line, pm_hub_tree(ask));
    } else if (is_of(ask, &pm_hub_kinds_commits)) {
        add_commits(doc, line, pm_hub_commits(ask));
    } else if (is_of(ask, &pm_hub_kinds_index)) {
        add_index(doc, line, pm_hub_index(ask));
    } else {
        add_manifest(doc, line, pm_gcs_manifest(ask));
    }
}

static void write_line(const struct pm_ask *ask)
{
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *line = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, line);
    (void)yyjson_mut_obj_add_str(doc, line, "request", ask->kind->name);
    (void)yyjson_mut_obj_add_str(doc, line, "status", pm_status_word(ask->outcome.status));
    (void)yyjson_mut_obj_add_str(doc, line, "problem", ask->outcome.problem);
    (void)yyjson_mut_obj_add_bool(doc, line, "is_stale", ask->is_stale);
    add_facts(doc, line, ask);
    char *text = yyjson_mut_write(doc, 0, NULL);
    (void)puts(text ? text : "{}");
    free(text);
    yyjson_mut_doc_free(doc);
}

/* --- asking --- */

static struct pm_ask *ask_one(struct pm_batch *batch, const pm_str *words, size_t count)
{
    const pm_str none = PM_STR("");
    pm_str third = count > 2 ? words[2] : none;
    if (pm_str_equal(words[0], PM_STR("search")) && count == 3) {
        bool has_author = !pm_str_equal(words[1], PM_STR("-")),
             has_words = !pm_str_equal(words[2], PM_STR("-"));
        const struct pm_hub_search search = {.author = has_author ? words[1] : none,
                                             .words = has_words ? words[2] : none,
                                             .limit = 20,
                                             .newest = true};
        return pm_hub_ask_search(batch, &search, false);
    }
    if (pm_str_equal(words[0], PM_STR("model")) && count >= 2) {
        return pm_hub_ask_model(batch, words[1], third, false);
    }
    if (pm_str_equal(words[0], PM_STR("tree")) && count >= 3) {
        return pm_hub_ask_tree(batch, words[1], third, count > 3 ? words[3] : none, false);
    }
    if (pm_str_equal(words[0], PM_STR("commits")) && count == 5) {
        return pm_hub_ask_commits(batch, words[1], third, (unsigned)strtoul(words[3].ptr, NULL, 10),
                                  (unsigned)strtoul(words[4].ptr, NULL, 10), false);
    }
    if (pm_str_equal(words[0], PM_STR("index")) && count == 4) {
        return pm_hub_ask_index(batch, words[1], third, words[3], false);
    }
    if (pm_str_equal(words[0], PM_STR("manifest")) && count >= 2) {
        return pm_gcs_ask_manifest(batch, words[1], third, false);
    }
    give_up("no such question", words[0].ptr);
    return NULL;
}

static void take_line(struct asking *asking, char *line)
{
    pm_str words[WORDS_MOST];
    char *rest = line;
    size_t count = 0;
    for (char *word = strsep(&rest, " "); word && count < WORDS_MOST; word = strsep(&rest, " ")) {
        words[count++] = pm_str_from(word);
    }
    if (count && asking->count < PM_BATCH_MOST) {
        asking->asks[asking->count++] = ask_one(&asking->batch, words, count);
    }
}

static void begin(struct asking *asking, struct pm_net *net, const struct pm_settings *settings)
{
    *asking = (struct asking){0};
    pm_arena_init(&asking->arena, (size_t)8 << 20);
    if (!pm_wait_init(&asking->wait)) {
        give_up("no memory", "wait");
    }
    pm_batch_init(&asking->batch, net, &asking->wait, &asking->arena, settings,
                  settings->timeout_ms);
}

static void end(struct asking *asking)
{
    while (pm_batch_wait(&asking->batch)) {
    }
    for (size_t i = 0; i < asking->count; i++) {
        write_line(asking->asks[i]);
    }
    (void)fflush(stdout);
    pm_batch_finish(&asking->batch);
    pm_wait_finish(&asking->wait);
    pm_arena_finish(&asking->arena);
}

static void ask(const struct pm_settings *settings)
{
    static char line[LINE_ROOM];
    struct pm_net *net = pm_net_make(settings);
    struct asking asking;
    if (!net) {
        give_up("no memory", "net");
    }
    begin(&asking, net, settings);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line) {
            take_line(&asking, line);
        } else {
            end(&asking);
            begin(&asking, net, settings);
        }
    }
    end(&asking);
    pm_net_close(net);
}

int main(int count, char **words)
{
    if (count < 4) {
        give_up("usage", "ask_hub HUB_URL GCS_URL TIMEOUT_MS [token=TOKEN] [off]");
    }
    struct pm_settings settings = {.hub_url = pm_str_from(words[1]),
                                   .gcs_url = pm_str_from(words[2]),
                                   .timeout_ms = strtoull(words[3], NULL, 10),
                                   .patience_ms = 2000};
    for (int i = 4; i < count; i++) {
        if (strncmp(words[i], "token=", 6) == 0) {
            settings.hub_token = pm_str_from(words[i] + 6);
        }
        settings.is_hub_off = settings.is_hub_off || strcmp(words[i], "off") == 0;
    }
    ask(&settings);
    return 0;
}
