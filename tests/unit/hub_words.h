/* hub_words.h - what a reply of the hub came to, as one line of text for tests to compare. */
#ifndef PM_TESTS_HUB_WORDS_H
#define PM_TESTS_HUB_WORDS_H

#include "base/date.h"
#include "source/hub_inside.h"

#include "check.h"
#include "recording.h"

#define SEARCH &pm_hub_kind_search
#define MODEL &pm_hub_kinds_model.moving
#define TREE &pm_hub_kinds_tree.moving
#define COMMITS &pm_hub_kinds_commits.moving
#define INDEX &pm_hub_kinds_index.moving

static const char *const founds[] = {"there", "missing or private", "no revision", "no file",
                                     "gated", "disabled",           "bad token",   "OTHER"};
static const char *const gates[] = {"unknown", "none", "auto", "manual", "other"};

static void add_count(struct pm_buf *line, const char *name, struct pm_count count)
{
    pm_buf_addf(line, ", %s ", name);
    if (count.is_known) {
        pm_buf_add_u64(line, count.value);
    } else {
        pm_buf_add_c(line, "?");
    }
}

static void add_time(struct pm_buf *line, const char *name, struct pm_time time)
{
    pm_buf_addf(line, ", %s ", name);
    if (!time.has_time || !pm_date_add_rfc3339(line, time.time_ms)) {
        pm_buf_add_c(line, "?");
    }
}

static void add_flag(struct pm_buf *line, const char *name, struct pm_flag flag)
{
    pm_buf_addf(line, ", %s %s", name, !flag.is_known ? "?" : flag.value ? "yes" : "no");
}

static void add_text(struct pm_buf *line, const char *name, pm_str text)
{
    pm_buf_addf(line, ", %s %.*s", name, PM_STR_ARG(text.len ? text : PM_STR("?")));
}

static void add_files(struct pm_buf *line, const struct pm_hub_file *files, size_t count)
{
    uint64_t bytes = 0;
    size_t large = 0, sized = 0;
    for (size_t i = 0; i < count; i++) {
        bytes += files[i].size;
        large += files[i].is_large;
        sized += files[i].has_size;
    }
    pm_buf_addf(line, ", %zu files, %zu sized, %zu large, ", count, sized, large);
    pm_buf_add_u64(line, bytes);
    pm_buf_add_c(line, " bytes");
    if (count) {
        pm_buf_addf(line, ", last %.*s", PM_STR_ARG(files[count - 1].path));
    }
}

static void add_model(struct pm_buf *line, const struct pm_hub_model *model)
{
    pm_buf_addf(line, "%.*s", PM_STR_ARG(model->id));
    add_text(line, "sha", pm_str_slice(model->sha, 0, 7));
    add_text(line, "by", model->author);
    add_text(line, "for", model->library);
    add_text(line, "does", model->pipeline);
    add_text(line, "licence", model->licence);
    add_time(line, "modified", model->last_modified);
    add_time(line, "created", model->created);
    add_flag(line, "private", model->private_);
    add_flag(line, "disabled", model->disabled);
    pm_buf_addf(line, ", gate %s", gates[model->gate]);
    add_count(line, "downloads", model->downloads);
    add_count(line, "likes", model->likes);
    add_count(line, "storage", model->used_storage);
    add_count(line, "params", model->params);
    add_files(line, model->files, model->file_count);
    pm_buf_addf(line, "%s%s", model->has_files ? "" : ", no list",
                model->has_all_sizes ? ", all sized" : "");
}

static void add_models(struct pm_buf *line, const struct pm_hub_models *models)
{
    pm_buf_addf(line, "%zu models, %zu unreadable%s", models->count, models->unreadable,
                models->has_more ? ", more" : "");
    for (size_t i = 0; i < models->count && i < 1; i++) {
        pm_buf_add_c(line, ": ");
        add_model(line, &models->rows[i]);
    }
}

static void add_tree(struct pm_buf *line, const struct pm_hub_tree *tree)
{
    pm_buf_addf(line, "tree, %zu unreadable%s", tree->unreadable, tree->has_more ? ", more" : "");
    add_text(line, "next", tree->next);
    add_files(line, tree->files, tree->count);
}

static void add_commits(struct pm_buf *line, const struct pm_hub_commits *commits)
{
    size_t steps = 0;
    for (size_t i = 0; i < commits->count; i++) {
        steps += commits->rows[i].has_step;
    }
    pm_buf_addf(line, "%zu commits, %zu steps, %zu unreadable%s", commits->count, steps,
                commits->unreadable, commits->has_more ? ", more" : "");
    add_count(line, "of", (struct pm_count){commits->has_total, commits->total});
    if (commits->count) {
        const struct pm_hub_commit *first = &commits->rows[0];
        pm_buf_addf(line, ": %.*s \"%.*s\"", PM_STR_ARG(pm_str_slice(first->id, 0, 7)),
                    PM_STR_ARG(first->title));
        add_count(line, "step", (struct pm_count){first->has_step, first->step});
        add_time(line, "at", first->date);
    }
}

static void add_index(struct pm_buf *line, const struct pm_hub_index *index)
{
    pm_buf_addf(line, "index, %zu tensors, %zu bad", index->tensors, index->bad_names);
    add_count(line, "total", (struct pm_count){index->has_total_size, index->total_size});
    pm_buf_addf(line, ", %zu files", index->file_count);
    for (size_t i = 0; i < index->file_count && i < 3; i++) {
        pm_buf_addf(line, " %.*s", PM_STR_ARG(index->files[i]));
    }
}

static bool is_of(const struct pm_kind *kind, const struct pm_hub_kinds *kinds)
{
    return kind == &kinds->moving || kind == &kinds->pinned;
}

static void add_facts(struct pm_buf *line, const struct pm_kind *kind, const void *facts)
{
    /* All but a search begin with it. */
    enum pm_hub_found found =
        kind == &pm_hub_kind_search ? PM_HUB_THERE : *(const enum pm_hub_found *)facts;
    if (found != PM_HUB_THERE) {
        pm_buf_add_c(line, founds[found]);
    } else if (kind == &pm_hub_kind_search) {
        add_models(line, facts);
    } else if (is_of(kind, &pm_hub_kinds_model)) {
        add_model(line, facts);
    } else if (is_of(kind, &pm_hub_kinds_tree)) {
        add_tree(line, facts);
    } else if (is_of(kind, &pm_hub_kinds_commits)) {
        add_commits(line, facts);
    } else {
        add_index(line, facts);
    }
}

/* The facts, or why there are none. */
static inline pm_str describe(struct pm_arena *arena, const struct pm_kind *kind,
                              const struct recording *recording)
{
    struct pm_buf line;
    pm_buf_init(&line, arena, 65536);
    if (recording->facts) {
        add_facts(&line, kind, recording->facts);
    } else {
        pm_buf_addf(&line, "%s: %s", pm_status_word(recording->outcome.status),
                    recording->outcome.problem);
    }
    return pm_buf_text(&line);
}

static inline void check_line(const struct pm_kind *kind, const struct recording *recording,
                              const char *want, const char *what)
{
    struct pm_arena arena;
    pm_arena_init(&arena, (size_t)1 << 20);
    CHECK_TEXT(describe(&arena, kind, recording), pm_str_from(want), what);
    pm_arena_finish(&arena);
}

#endif
