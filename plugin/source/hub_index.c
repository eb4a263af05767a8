/* hub_index.c - which file holds which tensor: {"metadata":{"total_size":n},"weight_map":{…}}.
 *
 * An index of half a million tensors is tens of megabytes that name a few hundred files. No tree is
 * built of it: it is walked over once, and the names of files are kept where they stand in the
 * body. Whoever may write to a repository writes its index, so no name is taken for a path before it
 * was looked at. */

#include "source/hub_inside.h"

#include "codec/scan.h"
#include "source/body.h"

#include <math.h>
#include <string.h>

#define PATH_MOST 512

struct walk {
    struct pm_scan scan;
    struct pm_arena *arena;
    struct pm_hub_index *index;
    char *text;
    size_t room;     /* for files */
    size_t last;     /* the file of the tensor before: mostly that of the next one too */
    bool has_map;    /* "weight_map" was there and an object */
    bool is_crowded; /* more than PM_HUB_INDEX_FILES_MOST files */
};

/* --- names of files --- */

static bool is_plain_part(pm_str part)
{
    return part.len > 0 && !pm_str_equal(part, PM_STR(".")) && !pm_str_equal(part, PM_STR(".."));
}

/* A relative path that stays where it is, in a form that nothing reads in two ways. */
static bool is_plain_path(pm_str path)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c < ' ' || c == 0x7F || c == '%' || c == '\\') {
            return false;
        }
    }
    for (pm_str rest = path; rest.len;) {
        size_t slash = pm_str_find(rest, '/');
        bool ends_in_slash = slash + 1 == rest.len;
        if (!is_plain_part(pm_str_slice(rest, 0, slash)) || ends_in_slash) {
            return false;
        }
        rest = pm_str_tail(rest, slash + 1);
    }
    return path.len > 0 && path.len <= PATH_MOST;
}

/* Where `name` is among the files, or belongs. */
static size_t find_place(const struct pm_hub_index *index, pm_str name)
{
    size_t from = 0, to = index->file_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (pm_str_compare(index->files[middle], name) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

static bool make_room(struct walk *walk)
{
    struct pm_hub_index *index = walk->index;
    if (index->file_count < walk->room) {
        return true;
    }
    size_t wanted = walk->room ? walk->room * 2 : 64;
    pm_str *grown = pm_arena_grow(walk->arena, index->files, walk->room * sizeof *index->files,
                                  wanted * sizeof *index->files);
    if (!grown) {
        return pm_scan_fail(&walk->scan, PM_JSON_NO_MEMORY, "out of memory");
    }
    index->files = grown;
    walk->room = wanted;
    return true;
}

static bool is_file_at(const struct pm_hub_index *index, size_t at, pm_str name)
{
    return at < index->file_count && pm_str_equal(index->files[at], name);
}

static void add_file(struct walk *walk, pm_str name)
{
    struct pm_hub_index *index = walk->index;
    if (is_file_at(index, walk->last, name)) {
        return;
    }
    walk->last = find_place(index, name);
    if (is_file_at(index, walk->last, name)) {
        return;
    }
    if (index->file_count == PM_HUB_INDEX_FILES_MOST) {
        walk->is_crowded = true;
    } else if (make_room(walk)) {
        memmove(index->files + walk->last + 1, index->files + walk->last,
                (index->file_count - walk->last) * sizeof *index->files);
        index->files[walk->last] = name;
        index->file_count++;
    }
}

/* --- walking --- */

static void read_tensor(struct walk *walk)
{
    struct pm_scan *scan = &walk->scan;
    pm_str name;
    walk->index->tensors++;
    if (pm_scan_peek(scan) != '"') {
        walk->index->bad_names += pm_scan_skip(scan);
        return;
    }
    if (!pm_scan_string(scan, &name)) {
        return;
    }
    char *bytes = walk->text + (name.ptr - walk->text); /* passed over: free to be written over */
    if (pm_scan_unescape(bytes, &name.len) && is_plain_path(name)) {
        add_file(walk, name);
    } else {
        walk->index->bad_names++;
    }
}

/* Of a name that stands twice the last one counts. */
static void forget_map(struct walk *walk)
{
    walk->index->file_count = walk->index->tensors = walk->index->bad_names = walk->last = 0;
    walk->has_map = walk->is_crowded = false;
}

static void read_map(struct walk *walk)
{
    struct pm_scan *scan = &walk->scan;
    pm_str key;
    forget_map(walk);
    walk->has_map = pm_scan_peek(scan) == '{';
    if (!walk->has_map) {
        (void)pm_scan_skip(scan);
        return;
    }
    for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
        if (pm_scan_key(scan, &key)) {
            read_tensor(walk);
        }
    }
}

/* A whole number, or one in quotes, as some write it. */
static void read_total(struct walk *walk)
{
    const double limit = 9007199254740992.0; /* 2^53: beyond it a double skips whole numbers */
    struct pm_hub_index *index = walk->index;
    struct pm_scan *scan = &walk->scan;
    double number = -1;
    pm_str text;
    char first = pm_scan_peek(scan);
    index->has_total_size = false;
    if (first == '"' && pm_scan_string(scan, &text)) {
        index->has_total_size = pm_str_to_u64(text, &index->total_size);
    } else if (first >= '0' && first <= '9' && pm_scan_number(scan, &number) && number <= limit &&
               number == floor(number)) {
        index->has_total_size = true;
        index->total_size = (uint64_t)number;
    } else if (number < 0) {
        (void)pm_scan_skip(scan);
    }
}

static void read_metadata(struct walk *walk)
{
    struct pm_scan *scan = &walk->scan;
    pm_str key;
    if (pm_scan_peek(scan) != '{') {
        (void)pm_scan_skip(scan);
        return;
    }
    for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
        if (pm_scan_key(scan, &key) && pm_str_equal(key, PM_STR("total_size"))) {
            read_total(walk);
        } else {
            (void)pm_scan_skip(scan);
        }
    }
}

static void read_root(struct walk *walk)
{
    struct pm_scan *scan = &walk->scan;
    pm_str key;
    for (bool has = pm_scan_first(scan, '}'); has; has = pm_scan_next(scan, '}')) {
        if (!pm_scan_key(scan, &key)) {
            return;
        }
        if (pm_str_equal(key, PM_STR("weight_map"))) {
            read_map(walk);
        } else if (pm_str_equal(key, PM_STR("metadata"))) {
            read_metadata(walk);
        } else {
            (void)pm_scan_skip(scan);
        }
    }
    (void)pm_scan_peek(scan);
    if (scan->at < scan->end) {
        (void)pm_scan_fail(scan, PM_JSON_BAD, "text follows the end");
    }
}

static void *note_fault(const struct walk *walk, struct pm_outcome *outcome)
{
    size_t at = (size_t)(walk->scan.at - walk->text);
    const struct pm_json_problem problem = {walk->scan.fault, at, walk->scan.problem};
    pm_body_note_problem(&problem, outcome);
    return NULL;
}

static void *read_index(struct pm_arena *arena, struct pm_body *body, struct pm_hub_index *index,
                        struct pm_outcome *outcome)
{
    struct walk walk = {.scan = pm_scan_from((pm_str){body->ptr, body->len}),
                        .arena = arena,
                        .index = index,
                        .text = body->ptr};
    bool is_object = pm_scan_peek(&walk.scan) == '{';
    if (is_object) {
        read_root(&walk);
    } else if (pm_scan_skip(&walk.scan)) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "not an object");
        return NULL;
    }
    if (walk.scan.fault != PM_JSON_OK) {
        return note_fault(&walk, outcome);
    }
    if (!walk.has_map) {
        pm_outcome_set(outcome, PM_STATUS_BAD_REPLY, "no object \"weight_map\"");
        return NULL;
    }
    if (walk.is_crowded) {
        pm_outcome_set(outcome, PM_STATUS_TOO_LARGE, "it names more than %d files",
                       PM_HUB_INDEX_FILES_MOST);
        return NULL;
    }
    return pm_body_finish(arena, index, outcome);
}

void *pm_hub_decode_index(struct pm_arena *arena, struct pm_arena *scratch, struct pm_body *body,
                          struct pm_outcome *outcome)
{
    struct pm_hub_index *index = pm_arena_zero(arena, sizeof *index);
    (void)scratch;
    if (!index) {
        return pm_body_finish(arena, NULL, outcome);
    }
    index->commit = pm_arena_copy(arena, body->headers->commit);
    if (outcome->http >= 400) {
        index->found = pm_hub_judge(body, outcome);
        return index->found == PM_HUB_OTHER ? NULL : index;
    }
    return pm_hub_is_no_page(body, outcome) ? read_index(arena, body, index, outcome) : NULL;
}
