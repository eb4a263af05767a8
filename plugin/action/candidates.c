/* candidates.c - which finds of the hub's search may hold a run's weights, and why. */

#include "action/candidates.h"

#include "base/buf.h"
#include "codec/hub_name.h"

#include <stdlib.h>

#define CONTAINED_BYTES_LEAST 4 /* "moe" stands in too many names to mean a run */

/* --- words --- */

static char to_small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* No repository's name has a byte beyond ASCII, so a word with one is in none. */
static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* "Consilience 40B" as "-consilience-40b-": with a separator at both ends, whole words are found
 * by looking for bytes. "-" when there is no word. */
static pm_str fold(struct pm_arena *arena, pm_str text)
{
    struct pm_buf buf;
    bool is_open = false;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    pm_buf_add_char(&buf, '-');
    for (size_t i = 0; i < text.len; i++) {
        char c = to_small(text.ptr[i]);
        if (is_word_byte(c)) {
            pm_buf_add_char(&buf, c);
        } else if (is_open) {
            pm_buf_add_char(&buf, '-');
        }
        is_open = is_word_byte(c);
    }
    if (is_open) {
        pm_buf_add_char(&buf, '-');
    }
    return pm_buf_text(&buf);
}

/* Without the separators at the ends. */
static pm_str inner(pm_str words)
{
    return words.len > 2 ? pm_str_slice(words, 1, words.len - 1) : PM_STR("");
}

static bool has_each_word(pm_str name, pm_str words)
{
    for (size_t from = 0; from + 1 < words.len;) {
        size_t to = from + 1 + pm_str_find(pm_str_tail(words, from + 1), '-');
        if (!pm_str_has_nocase(name, pm_str_slice(words, from, to + 1))) {
            return false;
        }
        from = to;
    }
    return true;
}

/* --- one repository --- */

struct wanted { /* folded */
    pm_str id, name;
};

static bool is_contained(pm_str name, pm_str words)
{
    return inner(words).len >= CONTAINED_BYTES_LEAST && pm_str_has_nocase(name, words);
}

static bool is_within(pm_str name, pm_str words)
{
    return inner(words).len >= CONTAINED_BYTES_LEAST && pm_str_has_nocase(name, inner(words));
}

static bool is_scattered(pm_str name, pm_str words)
{
    return inner(words).len >= CONTAINED_BYTES_LEAST && has_each_word(name, words);
}

static bool is_same(pm_str name, pm_str words)
{
    return inner(words).len > 0 && pm_str_equal(name, words);
}

static enum pm_candidate_rank rank_name(pm_str name, const struct wanted *wanted)
{
    const bool fits[PM_CANDIDATE_RANK_COUNT] = {
        [PM_CANDIDATE_IS_ID] = is_same(name, wanted->id),
        [PM_CANDIDATE_IS_NAME] = is_same(name, wanted->name),
        [PM_CANDIDATE_HAS_ID] = is_contained(name, wanted->id),
        [PM_CANDIDATE_HAS_NAME] = is_contained(name, wanted->name),
        [PM_CANDIDATE_WITHIN] = is_within(name, wanted->id) || is_within(name, wanted->name),
        [PM_CANDIDATE_SCATTERED] =
            is_scattered(name, wanted->id) || is_scattered(name, wanted->name),
    };
    unsigned rank = 0;
    while (rank < PM_CANDIDATE_RANK_COUNT && !fits[rank]) {
        rank++;
    }
    return (enum pm_candidate_rank)rank;
}

bool pm_candidates_is_foundation(pm_str repository)
{
    return pm_str_starts_nocase(repository, PM_STR(PM_FOUNDATION "/"));
}

struct find {
    struct pm_candidate candidate;
    pm_str key; /* its id in small letters: the hub takes both spellings for one repository */
};

static pm_str make_key(struct pm_arena *arena, pm_str id)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < id.len; i++) {
        pm_buf_add_char(&buf, to_small(id.ptr[i]));
    }
    return pm_buf_text(&buf);
}

static void judge(struct pm_arena *arena, struct pm_candidate *candidate,
                  const struct wanted *wanted)
{
    static const char *const reasons[PM_CANDIDATE_RANK_COUNT + 1] = {
        [PM_CANDIDATE_IS_ID] = "its name is the run's id",
        [PM_CANDIDATE_IS_NAME] = "its name is the run's name",
        [PM_CANDIDATE_HAS_ID] = "its name contains the run's id",
        [PM_CANDIDATE_HAS_NAME] = "its name contains the run's name",
        [PM_CANDIDATE_WITHIN] = "its name has the run's id or name within longer words",
        [PM_CANDIDATE_SCATTERED] = "its name has the run's words, but not together",
        [PM_CANDIDATE_RANK_COUNT] = "",
    };
    pm_str id = candidate->model->id;
    pm_str name = pm_str_tail(id, pm_str_find(id, '/') + 1);
    candidate->rank = rank_name(fold(arena, name), wanted);
    candidate->reason = reasons[candidate->rank];
    candidate->is_foundation = pm_candidates_is_foundation(id);
}

/* --- all of them --- */

static int compare_numbers(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

/* The unknown last. */
static int compare_newest(const struct pm_hub_model *a, const struct pm_hub_model *b)
{
    if (a->last_modified.has_time != b->last_modified.has_time) {
        return a->last_modified.has_time ? -1 : 1;
    }
    int64_t a_ms = a->last_modified.has_time ? a->last_modified.time_ms : 0;
    int64_t b_ms = b->last_modified.has_time ? b->last_modified.time_ms : 0;
    return (a_ms < b_ms) - (a_ms > b_ms);
}

static int compare_keys(const void *left, const void *right)
{
    const struct find *a = left, *b = right;
    int order = pm_str_compare(a->key, b->key);
    if (order == 0) {
        order = compare_numbers(a->candidate.found_by, b->candidate.found_by);
    }
    if (order == 0) { /* twice in one list */
        order = compare_newest(a->candidate.model, b->candidate.model);
    }
    return order == 0 ? pm_str_compare(a->candidate.model->id, b->candidate.model->id) : order;
}
static unsigned tier(enum pm_candidate_rank rank)
{
    static const unsigned tiers[PM_CANDIDATE_RANK_COUNT + 1] = {
        [PM_CANDIDATE_IS_ID] = 0,      [PM_CANDIDATE_IS_NAME] = 0, [PM_CANDIDATE_HAS_ID] = 1,
        [PM_CANDIDATE_HAS_NAME] = 1,   [PM_CANDIDATE_WITHIN] = 2,  [PM_CANDIDATE_SCATTERED] = 2,
        [PM_CANDIDATE_RANK_COUNT] = 3,
    };
    return tiers[rank];
}

static int compare_finds(const void *left, const void *right)
{
    const struct find *a = left, *b = right;
    const int orders[] = {
        compare_numbers(tier(a->candidate.rank), tier(b->candidate.rank)),
        compare_numbers(!a->candidate.is_foundation, !b->candidate.is_foundation),
        compare_numbers(a->candidate.rank, b->candidate.rank),
        compare_newest(a->candidate.model, b->candidate.model),
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return pm_str_compare(a->key, b->key);
}

struct finds {
    struct find *rows;
    size_t count;
};

static void gather(struct pm_arena *arena, struct finds *finds,
                   const struct pm_search_result *result, pm_str lost)
{
    for (size_t i = 0; result->models && i < result->models->count; i++) {
        const struct pm_hub_model *model = &result->models->rows[i];
        if (pm_hub_is_repository(model->id) && !pm_str_equal_nocase(model->id, lost)) {
            finds->rows[finds->count++] = (struct find){
                .candidate = {.model = model, .found_by = result->kind},
                .key = make_key(arena, model->id),
            };
        }
    }
}

/* In the order of their ids, each once: as its narrowest search found it. */
static void make_distinct(struct finds *finds)
{
    size_t kept = 0;
    if (finds->count) {
        qsort(finds->rows, finds->count, sizeof *finds->rows, compare_keys);
    }
    for (size_t i = 0; i < finds->count; i++) {
        if (kept == 0 || !pm_str_equal(finds->rows[kept - 1].key, finds->rows[i].key)) {
            finds->rows[kept++] = finds->rows[i];
        }
    }
    finds->count = kept;
}

static void sort(struct pm_arena *arena, struct finds *finds, const struct wanted *wanted)
{
    for (size_t i = 0; i < finds->count; i++) {
        judge(arena, &finds->rows[i].candidate, wanted);
    }
    if (finds->count) {
        qsort(finds->rows, finds->count, sizeof *finds->rows, compare_finds);
    }
}

struct pm_candidates pm_candidates_rank(struct pm_arena *arena,
                                        const struct pm_candidates_input *input)
{
    struct pm_candidates found = {0};
    size_t most = 1;
    for (size_t i = 0; i < input->result_count; i++) {
        const struct pm_hub_models *models = input->results[i].models;
        most += models ? models->count : 0;
        found.has_more = found.has_more || (models && models->has_more);
        found.unreadable += models ? models->unreadable : 0;
    }
    struct finds finds = {pm_arena_array(arena, most, sizeof *finds.rows), 0};
    found.rows = pm_arena_array(arena, most, sizeof *found.rows);
    if (!finds.rows || !found.rows) {
        return (struct pm_candidates){0};
    }
    for (size_t i = 0; i < input->result_count; i++) {
        gather(arena, &finds, &input->results[i], input->lost);
    }
    const struct wanted wanted = {fold(arena, input->run_id), fold(arena, input->run_name)};
    make_distinct(&finds);
    sort(arena, &finds, &wanted);
    for (size_t i = 0; i < finds.count; i++) {
        const struct pm_candidate *candidate = &finds.rows[i].candidate;
        if (candidate->rank == PM_CANDIDATE_RANK_COUNT) {
            found.dropped++;
            continue;
        }
        found.rows[found.count++] = *candidate;
        found.exact += tier(candidate->rank) == 0;
        found.foundation += candidate->is_foundation;
    }
    return found;
}
