/* resolve.c - which run is meant. */

#include "action/resolve.h"

#include "answer/text.h"

typedef bool match_fn(const struct pm_run_info *info, pm_str words);

static bool has_id(const struct pm_run_info *info, pm_str words)
{
    return pm_str_equal(info->id, words);
}

static bool has_name(const struct pm_run_info *info, pm_str words)
{
    return pm_str_equal_nocase(info->name, words);
}

static bool begins_with(const struct pm_run_info *info, pm_str words)
{
    return pm_str_starts_nocase(info->id, words) || pm_str_starts_nocase(info->name, words);
}

static bool contains(const struct pm_run_info *info, pm_str words)
{
    return pm_str_has_nocase(info->id, words) || pm_str_has_nocase(info->name, words);
}

/* The order of trust. */
static const struct step {
    enum pm_match how;
    const char *word;
    match_fn *matches;
} STEPS[] = {
    {PM_MATCH_ID, "id", has_id},
    {PM_MATCH_NAME, "name", has_name},
    {PM_MATCH_PREFIX, "prefix", begins_with},
    {PM_MATCH_PART, "part", contains},
};

#define STEP_COUNT (sizeof STEPS / sizeof *STEPS)

const char *pm_match_word(enum pm_match how)
{
    for (size_t i = 0; i < STEP_COUNT; i++) {
        if (STEPS[i].how == how) {
            return STEPS[i].word;
        }
    }
    return NULL;
}

static size_t count_matches(const struct pm_listing *listing, match_fn *matches, pm_str words)
{
    size_t count = 0;
    for (size_t i = 0; i < listing->count; i++) {
        count += matches(listing->rows[i].info, words);
    }
    return count;
}

static struct pm_resolved take_matches(struct pm_arena *arena, const struct pm_listing *listing,
                                       const struct step *step, pm_str words, size_t count)
{
    struct pm_resolved resolved = {.how = step->how};
    resolved.runs = pm_arena_array(arena, count, sizeof *resolved.runs);
    for (size_t i = 0; resolved.runs && i < listing->count; i++) {
        if (step->matches(listing->rows[i].info, words)) {
            resolved.runs[resolved.count++] = &listing->rows[i];
        }
    }
    return resolved.count ? resolved
                          : (struct pm_resolved){
                                0,
                            };
}

struct pm_resolved pm_resolve(struct pm_arena *arena, const struct pm_listing *listing,
                              pm_str words)
{
    for (size_t i = 0; words.len && i < STEP_COUNT; i++) {
        size_t count = count_matches(listing, STEPS[i].matches, words);
        if (count) {
            return take_matches(arena, listing, &STEPS[i], words, count);
        }
    }
    return (struct pm_resolved){
        0,
    };
}

/* --- on chain --- */

/* Ids come first: a name is only what the run's owner calls it, and is read only when no id fits. */
static bool fits(const struct pm_chain_row *row, const struct step *step, bool by_name,
                 pm_str words)
{
    struct pm_run_info info = {0};
    if (!by_name) {
        info.id = row->instance.run_id;
    } else if (row->head) {
        info.name = row->head->name.text;
    } else {
        return false;
    }
    return step->matches(&info, words);
}

static struct pm_chain_match match_step(struct pm_arena *arena, const struct pm_chain_list *list,
                                        const struct step *step, bool by_name, pm_str words)
{
    struct pm_chain_match match = {.how = step->how};
    for (size_t i = 0; i < list->count; i++) {
        match.count += fits(&list->rows[i], step, by_name, words);
    }
    match.rows = match.count ? pm_arena_array(arena, match.count, sizeof *match.rows) : NULL;
    match.count = 0;
    for (size_t i = 0; match.rows && i < list->count; i++) {
        if (fits(&list->rows[i], step, by_name, words)) {
            match.rows[match.count++] = &list->rows[i];
        }
    }
    return match;
}

struct pm_chain_match pm_resolve_on_chain(struct pm_arena *arena, const struct pm_chain_list *list,
                                          pm_str words)
{
    for (size_t i = 0; words.len && i < 2 * STEP_COUNT; i++) {
        struct pm_chain_match match =
            match_step(arena, list, &STEPS[i % STEP_COUNT], i >= STEP_COUNT, words);
        if (match.count) {
            return match;
        }
    }
    return (struct pm_chain_match){0};
}

/* --- what was asked for --- */

static bool is_exact(const struct pm_listing *listing, pm_str words)
{
    return listing && words.len &&
           (count_matches(listing, has_id, words) || count_matches(listing, has_name, words));
}

/* The decimal that the dashboard would write: its route takes no other. */
static bool read_index(pm_str digits, uint64_t *index)
{
    bool has_leading_zero = digits.len > 1 && digits.ptr[0] == '0';
    return !has_leading_zero && pm_str_to_u64(digits, index);
}

struct pm_wanted pm_wanted_read(struct pm_arena *arena, const struct pm_listing *listing,
                                pm_str given)
{
    pm_str words = pm_unclean(arena, given); /* an id that looks escaped is shown otherwise */
    struct pm_wanted wanted = {.id = words};
    size_t at = pm_str_find_last(words, '@');
    if (at > 0 && at < words.len && !is_exact(listing, words) &&
        read_index(pm_str_tail(words, at + 1), &wanted.index)) {
        wanted.has_index = true;
        wanted.id = pm_str_slice(words, 0, at);
    }
    return wanted;
}

bool pm_can_be_id(pm_str words)
{
    return words.len >= 1 && words.len <= PM_RUN_ID_MOST;
}
