/* checkpoints_lists.c - files, commits and finds, a page at a time.
 *
 * A page of files or commits is of one commit, which its token names: what is pushed while people
 * turn pages does not move a row. Tokens: "f.<commit>.<n>" begins behind the first n files,
 * "c.<commit>.<n>" behind the n newest commits before and at that one. */

#include "action/checkpoints_hub.h"

#include "codec/hub_name.h"

#define COMMIT_DIGITS 40
#define FILES_BRIEF 4
#define COMMITS_BRIEF 4
#define POSITION_MOST 1000000000 /* no list is longer */
#define PATH_WHOLE_MOST 120      /* bytes; a longer one is cut */
#define CHANGED "list changed since the first page"
#define GONE CHANGED ", and its commit is not there any more: ask again without page"

/* --- pages --- */

bool pm_hub_page_read(const struct pm_call *call, struct pm_hub_page *page)
{
    pm_str text = call->request->page;
    *page = (struct pm_hub_page){
        .is_files = pm_str_starts(text, PM_STR("f.")),
        .is_commits = pm_str_starts(text, PM_STR("c.")),
    };
    if (!page->is_files && !page->is_commits) {
        return false;
    }
    pm_str rest = pm_str_tail(text, 2 + COMMIT_DIGITS);
    page->commit = pm_str_slice(text, 2, 2 + COMMIT_DIGITS);
    if (!pm_hub_is_commit(page->commit) || !pm_str_starts(rest, PM_STR("."))) {
        *page = (struct pm_hub_page){0};
        return false;
    }
    return pm_str_to_u64(pm_str_tail(rest, 1), &page->position) && page->position <= POSITION_MOST;
}

/* NULL when it is not known which commit the list is of: then it has no pages. */
static const struct pm_clean *make_token(struct pm_arena *arena, const char *list, pm_str commit,
                                         uint64_t position)
{
    struct pm_buf buf;
    if (!pm_hub_is_commit(commit)) {
        return NULL;
    }
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add_c(&buf, list);
    pm_buf_add(&buf, commit);
    pm_buf_add_char(&buf, '.');
    pm_buf_add_u64(&buf, position);
    return pm_clean(arena, PM_TEXT_ID, pm_buf_text(&buf));
}

static size_t end_of_page(const struct pm_call *call, size_t first, size_t count)
{
    size_t left = first < count ? count - first : 0, most = (size_t)call->request->limit;
    return first + (left < most ? left : most);
}

/* --- files --- */

/* Weights first, then all else, each by path. */
static const struct pm_weights_file **sort_files(struct pm_arena *arena,
                                                 const struct pm_weights_list *files)
{
    const struct pm_weights_file **sorted =
        pm_arena_array(arena, files->count + 1, sizeof(struct pm_weights_file *));
    size_t end = 0;
    for (int others = 0; sorted && others < 2; others++) {
        for (size_t i = 0; i < files->count; i++) {
            if ((files->rows[i].format == PM_WEIGHTS_NONE) == (others == 1)) {
                sorted[end++] = &files->rows[i];
            }
        }
    }
    return sorted;
}

static void write_file(struct pm_call *call, struct pm_table *table,
                       const struct pm_weights_file *row, const struct pm_clean *token)
{
    const struct pm_hub_file *file = row->file;
    bool is_long = file->path.len > PATH_WHOLE_MOST;
    pm_cell_text(table,
                 pm_clean(call->arena, is_long ? PM_TEXT_OTHER : PM_TEXT_REPOSITORY, file->path));
    if (file->has_size) {
        pm_cell_big(table, pm_big_from_u64(file->size));
    } else {
        pm_cell_null(table);
    }
    if (row->format == PM_WEIGHTS_NONE) {
        pm_cell_null(table);
    } else {
        pm_cell_own(table, pm_weights_format_word(row->format));
    }
    pm_row_end(table, token);
}

static void write_all_files(struct pm_call *call, struct pm_answer *answer,
                            const struct pm_hub_facts *facts, const struct pm_hub_page *page)
{
    static const char *const columns[] = {"path", "bytes", "weights", NULL};
    const struct pm_table_spec spec = {
        .columns = columns, .is_paged = true, .brief_rows = page->is_files ? 0 : FILES_BRIEF};
    const struct pm_weights_file **sorted = sort_files(call->arena, &facts->files);
    size_t count = sorted ? facts->files.count : 0, first = page->is_files ? page->position : 0;
    if (count == 0) {
        return;
    }
    const struct pm_origin *origin = pm_origin_of(&call->batch, facts->ask);
    struct pm_table *table = pm_table_open(answer, "files", &spec, &origin, 1);
    first = first < count ? first : count;
    size_t at = first, end = end_of_page(call, first, count);
    for (; at < end && !pm_table_is_full(table); at++) {
        write_file(call, table, sorted[at], make_token(call->arena, "f.", facts->sha, at + 1));
    }
    pm_table_count_more(table, end - at);
    pm_table_total(table, count);
    pm_table_earlier(table, first);
}

/* What was looked at for a page of files; NULL when that commit is not there. */
static const struct pm_hub_place *find_page(const struct pm_hub_look *look,
                                            const struct pm_hub_place *place,
                                            const struct pm_hub_page *page)
{
    const struct pm_checkpoint wanted = {
        .kind = PM_CHECKPOINT_HUB,
        .place = place->repo,
        .revision = page->commit,
    };
    const struct pm_hub_place *found = pm_hub_look_place(look, &wanted);
    const struct pm_hub_model *model = found ? pm_hub_model(found->model) : NULL;
    return model && model->found == PM_HUB_THERE ? found : NULL;
}

static void note_whole(struct pm_answer *answer, const struct pm_hub_facts *facts)
{
    if (!facts->files.is_whole) {
        pm_answer_note_own(answer, "the list of files is not whole: their number and bytes are of "
                                   "those that came");
    }
}

void pm_hub_write_files(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_hub_look *look, const struct pm_hub_facts *facts,
                        const struct pm_hub_page *page)
{
    const struct pm_hub_place *place =
        page->is_files ? find_page(look, facts->place, page) : facts->place;
    if (place && place->facts->model) {
        write_all_files(call, answer, place->facts, page);
        note_whole(answer, place->facts);
    }
    if (page->is_files && (!facts->model || !pm_str_equal(page->commit, facts->sha))) {
        pm_answer_note_own(answer,
                           place ? CHANGED "; this page is of the same commit as that one" : GONE);
    }
}

/* --- commits --- */

static void write_commit(struct pm_call *call, struct pm_table *table,
                         const struct pm_hub_commit *commit, const struct pm_clean *token)
{
    if (commit->has_step) {
        pm_cell_count(table, commit->step);
    } else {
        pm_cell_null(table);
    }
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_OTHER, commit->id));
    if (commit->date.has_time) {
        pm_cell_date(table, commit->date.time_ms);
    } else {
        pm_cell_null(table);
    }
    pm_row_end(table, token);
}

/* A number that contradicts the rows that came counts for nothing. */
static void put_total(struct pm_table *table, const struct pm_hub_commits *commits, uint64_t before)
{
    uint64_t seen = before + commits->count + commits->unreadable;
    bool is_right = commits->has_total && commits->total >= seen + commits->has_more;
    if (is_right) {
        pm_table_total(table, commits->total);
    } else if (commits->has_more) {
        pm_table_endless(table);
    } else {
        pm_table_total(table, seen - commits->unreadable);
    }
}

/* Rows of one reply, which is a page of the hub's own: `before` it there are so many more. */
static void write_history(struct pm_call *call, struct pm_answer *answer, const struct pm_ask *ask,
                          const struct pm_hub_page *page)
{
    static const char *const columns[] = {"step", "commit", "at", NULL};
    const struct pm_table_spec spec = {.columns = columns,
                                       .rank = 1,
                                       .is_paged = true,
                                       .brief_rows = page->is_commits ? 0 : COMMITS_BRIEF};
    const struct pm_hub_commits *commits = pm_hub_commits(ask);
    const struct pm_origin *origin = pm_origin_of(&call->batch, ask);
    struct pm_table *table = pm_table_open(answer, "history", &spec, &origin, 1);
    pm_str head = page->is_commits ? page->commit : commits->rows[0].id;
    size_t first = page->is_commits ? (size_t)(page->position % PM_HUB_COMMITS_ASKED) : 0;
    uint64_t before = page->is_commits ? page->position - first : 0;
    size_t at = first, end = end_of_page(call, first, commits->count);
    for (; at < end && !pm_table_is_full(table); at++) {
        write_commit(call, table, &commits->rows[at],
                     make_token(call->arena, "c.", head, before + at + 1));
    }
    pm_table_count_more(table, end - at);
    put_total(table, commits, before);
    pm_table_earlier(table, before + first);
}

void pm_hub_write_commits(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_hub_facts *facts, const struct pm_hub_page *page)
{
    const struct pm_ask *ask = page->is_commits ? facts->place->older : facts->place->commits;
    const struct pm_hub_commits *commits = pm_hub_commits(ask);
    if (commits && commits->found == PM_HUB_THERE && commits->count) {
        write_history(call, answer, ask, page);
    }
    if (page->is_commits && commits && commits->found == PM_HUB_NO_REVISION) {
        pm_answer_note_own(answer, GONE);
    } else if (page->is_commits && facts->commits && facts->commits->count &&
               !pm_str_equal(facts->commits->rows[0].id, page->commit)) {
        pm_answer_note_own(answer, CHANGED "; this page goes on from the same commit as that one");
    }
}

/* --- all of it --- */

void pm_hub_write_place(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_hub_look *look, const struct pm_hub_place *place,
                        const struct pm_hub_page *page, bool is_declared)
{
    pm_hub_write_facts(call, answer, place->facts, is_declared);
    pm_hub_write_files(call, answer, look, place->facts, page);
    pm_hub_write_commits(call, answer, place->facts, page);
    pm_hub_note_facts(answer, place->facts, is_declared);
}

/* --- finds --- */

static void write_find(struct pm_call *call, struct pm_table *table,
                       const struct pm_candidate *candidate)
{
    const struct pm_hub_model *model = candidate->model;
    pm_cell_text(table, pm_clean(call->arena, PM_TEXT_REPOSITORY, model->id));
    if (model->last_modified.has_time) {
        pm_cell_date(table, model->last_modified.time_ms);
    } else {
        pm_cell_null(table);
    }
    pm_cell_own(table, candidate->reason);
    pm_cell_own(table, candidate->is_foundation ? PM_FOUNDATION : "somebody else");
    pm_row_end(table, NULL);
}

static size_t read_origins(struct pm_call *call, const struct pm_hub_look *look,
                           const struct pm_origin *origins[PM_HUB_SEARCHES_MOST])
{
    size_t count = 0;
    for (size_t i = 0; i < look->search_count; i++) {
        if (pm_hub_models(look->searches[i].ask)) {
            origins[count++] = pm_origin_of(&call->batch, look->searches[i].ask);
        }
    }
    return count;
}

void pm_hub_write_candidates(struct pm_call *call, struct pm_answer *answer, const char *name,
                             const struct pm_hub_look *look, const struct pm_candidates *candidates)
{
    static const char *const columns[] = {"repo", "updated", "why", "owner", NULL};
    const struct pm_table_spec spec = {.columns = columns, .rank = 2};
    const struct pm_origin *origins[PM_HUB_SEARCHES_MOST] = {0};
    size_t count = read_origins(call, look, origins);
    if (count == 0 || candidates->count == 0) {
        return;
    }
    struct pm_table *table = pm_table_open(answer, name, &spec, origins, count);
    for (size_t i = 0; i < candidates->count; i++) {
        write_find(call, table, &candidates->rows[i]);
    }
    if (candidates->has_more) {
        pm_answer_note_own(answer, "the hub has more finds than it gave: the newest are here");
    }
}
