/* alike.c - ids that a reader takes for one another. */

#include "action/alike.h"

#include "codec/utf8.h"

#define NOTED_MOST 3

/* Letters of other scripts, and signs, by the Latin one that they look like. */
static const struct {
    uint32_t from;
    char to;
} TWINS[] = {
    {'0', 'o'},   {'1', 'l'},   {'i', 'l'},   {'|', 'l'},   {0x131, 'l'}, {0x3B1, 'a'},
    {0x3B5, 'e'}, {0x3B9, 'l'}, {0x3BA, 'k'}, {0x3BD, 'v'}, {0x3BF, 'o'}, {0x3C1, 'p'},
    {0x3C4, 't'}, {0x3C5, 'u'}, {0x3C7, 'x'}, {0x391, 'a'}, {0x392, 'b'}, {0x395, 'e'},
    {0x397, 'h'}, {0x399, 'l'}, {0x39A, 'k'}, {0x39C, 'm'}, {0x39D, 'n'}, {0x39F, 'o'},
    {0x3A1, 'p'}, {0x3A4, 't'}, {0x3A7, 'x'}, {0x405, 's'}, {0x406, 'l'}, {0x408, 'j'},
    {0x410, 'a'}, {0x412, 'b'}, {0x415, 'e'}, {0x41A, 'k'}, {0x41C, 'm'}, {0x41D, 'h'},
    {0x41E, 'o'}, {0x420, 'p'}, {0x421, 'c'}, {0x422, 't'}, {0x425, 'x'}, {0x430, 'a'},
    {0x435, 'e'}, {0x43A, 'k'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x443, 'y'},
    {0x445, 'x'}, {0x455, 's'}, {0x456, 'l'}, {0x458, 'j'}, {0x4BB, 'h'}, {0x501, 'd'},
};

/* Separators of any kind, and what cannot be seen. */
static bool is_overlooked(uint32_t c)
{
    return c == '-' || c == '_' || c == '.' || c == ' ' || c == 0xA0 || c == 0xAD ||
           (c >= 0x2000 && c <= 0x2015) || (c >= 0x2028 && c <= 0x202F) || c == 0x2212 ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) || c < 0x20;
}

static uint32_t fold(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E) { /* the wide forms of ASCII */
        c -= 0xFEE0;
    }
    if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
    }
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++) {
        if (TWINS[i].from == c) {
            return (uint32_t)TWINS[i].to;
        }
    }
    return c;
}

/* The next character that counts; 0 at the end. */
static uint32_t next(pm_str *rest)
{
    while (rest->len) {
        uint32_t c;
        *rest = pm_str_tail(*rest, pm_utf8_next(*rest, &c));
        if (!is_overlooked(c)) {
            c = fold(c);
            if (!is_overlooked(c)) {
                return c;
            }
        }
    }
    return 0;
}

bool pm_is_alike(pm_str a, pm_str b)
{
    size_t count = 0;
    if (pm_str_equal(a, b)) {
        return false;
    }
    for (;; count++) {
        uint32_t left = next(&a), right = next(&b);
        if (left != right) {
            return false;
        }
        if (left == 0) {
            return count > 0;
        }
    }
}

/* --- notes --- */

static void note(const struct pm_call *call, struct pm_answer *answer, pm_str id, pm_str other,
                 const char *how)
{
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, id));
    pm_say_own(&say, how);
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_ID, other));
    pm_say_own(&say, ", which is on the dashboard's list [tracked], but is another run");
    pm_answer_note(answer, &say);
}

static bool is_listed(const struct pm_listing *listing, pm_str id)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (pm_str_equal(listing->rows[i].info->id, id)) {
            return true;
        }
    }
    return false;
}

/* How this run is like that one; NULL when it is not. */
static const char *likeness(pm_str id, pm_str name, const struct pm_run_info *info)
{
    if (pm_is_alike(id, info->id)) {
        return " is written almost like ";
    }
    bool is_named_so = name.len && info->name.len &&
                       (pm_str_equal(name, info->name) || pm_is_alike(name, info->name));
    return is_named_so ? " has a name like that of " : NULL;
}

bool pm_alike_to_any(const struct pm_listing *listing, pm_str id, pm_str name)
{
    for (size_t i = 0; i < listing->count && !is_listed(listing, id); i++) {
        if (likeness(id, name, listing->rows[i].info)) {
            return true;
        }
    }
    return false;
}

void pm_alike_note(const struct pm_call *call, struct pm_answer *answer,
                   const struct pm_listing *listing, pm_str id, pm_str name)
{
    size_t noted = 0;
    if (is_listed(listing, id)) {
        return;
    }
    for (size_t i = 0; i < listing->count && noted < NOTED_MOST; i++) {
        const struct pm_run_info *info = listing->rows[i].info;
        const char *how = likeness(id, name, info);
        if (how) {
            noted++;
            note(call, answer, id, info->id, how);
        }
    }
}
