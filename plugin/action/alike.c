/* alike.c - ids that a reader takes for one another. */

#include "action/alike.h"

#include "answer/hidden.h"
#include "codec/utf8.h"

#include <string.h>

#define NOTED_MOST 3

/* Letters of other scripts, and signs, by the Latin one that they look like. */
static const struct {
    uint32_t from;
    char to;
} TWINS[] = {
    {0xB2, '2'},   {0xB3, '3'},   {0xB9, '1'},   {0x251, 'a'},  {0x261, 'g'},  {0x269, 'i'},
    {0x26A, 'i'},  {0x28F, 'y'},  {0x391, 'a'},  {0x392, 'b'},  {0x395, 'e'},  {0x396, 'z'},
    {0x397, 'h'},  {0x399, 'i'},  {0x39A, 'k'},  {0x39C, 'm'},  {0x39D, 'n'},  {0x39F, 'o'},
    {0x3A1, 'p'},  {0x3A4, 't'},  {0x3A5, 'y'},  {0x3A7, 'x'},  {0x3AC, 'a'},  {0x3AD, 'e'},
    {0x3AF, 'i'},  {0x3B1, 'a'},  {0x3B5, 'e'},  {0x3B9, 'i'},  {0x3BA, 'k'},  {0x3BD, 'v'},
    {0x3BF, 'o'},  {0x3C1, 'p'},  {0x3C4, 't'},  {0x3C5, 'u'},  {0x3C7, 'x'},  {0x3CC, 'o'},
    {0x3CD, 'u'},  {0x3F2, 'c'},  {0x3F3, 'j'},  {0x3F9, 'c'},  {0x401, 'e'},  {0x405, 's'},
    {0x406, 'i'},  {0x407, 'i'},  {0x408, 'j'},  {0x410, 'a'},  {0x412, 'b'},  {0x415, 'e'},
    {0x417, '3'},  {0x41A, 'k'},  {0x41C, 'm'},  {0x41D, 'h'},  {0x41E, 'o'},  {0x420, 'p'},
    {0x421, 'c'},  {0x422, 't'},  {0x423, 'y'},  {0x425, 'x'},  {0x42C, 'b'},  {0x430, 'a'},
    {0x435, 'e'},  {0x43A, 'k'},  {0x43E, 'o'},  {0x440, 'p'},  {0x441, 'c'},  {0x443, 'y'},
    {0x445, 'x'},  {0x44C, 'b'},  {0x450, 'e'},  {0x451, 'e'},  {0x455, 's'},  {0x456, 'i'},
    {0x457, 'i'},  {0x458, 'j'},  {0x475, 'v'},  {0x4AE, 'y'},  {0x4AF, 'y'},  {0x4BB, 'h'},
    {0x4C0, 'i'},  {0x4CF, 'l'},  {0x501, 'd'},  {0x51B, 'q'},  {0x51D, 'w'},  {0x54D, 'u'},
    {0x555, 'o'},  {0x566, 'q'},  {0x570, 'h'},  {0x578, 'n'},  {0x57D, 'u'},  {0x585, 'o'},
    {0x13A0, 'd'}, {0x13A2, 't'}, {0x13A9, 'y'}, {0x13AA, 'a'}, {0x13AB, 'j'}, {0x13AC, 'e'},
    {0x13B3, 'w'}, {0x13B7, 'm'}, {0x13BB, 'h'}, {0x13C0, 'g'}, {0x13C3, 'z'}, {0x13CE, '4'},
    {0x13D2, 'r'}, {0x13D9, 'v'}, {0x13DA, 's'}, {0x13DE, 'l'}, {0x13DF, 'c'}, {0x13E2, 'p'},
    {0x13E6, 'k'}, {0x13F4, 'b'}, {0x1D04, 'c'}, {0x1D0F, 'o'}, {0x1D1C, 'u'}, {0x1D20, 'v'},
    {0x1D21, 'w'}, {0x1D22, 'z'}, {0x210E, 'h'}, {0x2113, 'l'}, {0x212F, 'e'}, {0x2134, 'o'},
    {0x2C93, 'i'}, {0x2C9F, 'o'}, {0x2CA3, 'p'}, {0x2CA5, 'c'},
};

/* The same of some that stand in a row: what each looks like, a space for none. */
static const struct {
    uint32_t first;
    const char *letters;
} ROWS[] = {
    {0xC0, /* with marks */
     "aaaaaa ceeeeiiiidnooooo ouuuuy  aaaaaa ceeeeiiii nooooo ouuuuy y"},
    {0x100, "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkklllllll"
            "lllnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"},
    {0x2070, "0i  456789"}, /* raised, and lowered */
    {0x2080, "0123456789"},
    {0x2160, "i   v    x  lcdmi   v    x  lcdm"}, /* numbers of the Romans */
    {0x2460, "123456789"},                        /* in circles */
    {0x24B6, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"},
    {0xA4D0, "bp dt gk jc zf mnlsr  vh  wxy a e iou"}, /* Lisu */
    {0xFF10, "0123456789"},                            /* as wide as a Chinese one */
    {0xFF21, "abcdefghijklmnopqrstuvwxyz"},
    {0xFF41, "abcdefghijklmnopqrstuvwxyz"},
};

#define SIGNS_FIRST 0x1D400 /* letters as signs of mathematics: the alphabet again and again, */
#define SIGNS_ALPHABETS_END 0x1D6A4
#define SIGNS_DIGITS 0x1D7CE /* and the digits */
#define SIGNS_END 0x1D800

static char look_of_sign(uint32_t c)
{
    if (c >= SIGNS_DIGITS && c < SIGNS_END) {
        return (char)('0' + (c - SIGNS_DIGITS) % 10);
    }
    return c >= SIGNS_FIRST && c < SIGNS_ALPHABETS_END ? (char)('a' + (c - SIGNS_FIRST) % 26) : 0;
}

/* The character of ASCII that it looks like; 0: none. */
static char look_of(uint32_t c)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        if (c >= ROWS[i].first && c - ROWS[i].first < strlen(ROWS[i].letters)) {
            char letter = ROWS[i].letters[c - ROWS[i].first];
            return letter == ' ' ? 0 : letter;
        }
    }
    for (size_t i = 0; i < sizeof TWINS / sizeof *TWINS; i++) {
        if (TWINS[i].from == c) {
            return TWINS[i].to;
        }
    }
    return look_of_sign(c);
}

/* Separators of any kind, marks on letters, and what cannot be seen. */
static bool is_overlooked(uint32_t c)
{
    const struct pm_place alone = {.code_point = c, .is_strict = true};
    return c == '-' || c == '_' || c == '.' || c == '/' || c == ':' || c == 0xB7 || c == 0x2800 ||
           c == 0x3164 || (c >= 0x300 && c <= 0x36F) || (c >= 0x2010 && c <= 0x2015) ||
           c == 0x2212 || c == 0xFF0D || (c >= 0xFE00 && c <= 0xFE0F) || c < 0x20 ||
           (c != PM_UTF8_INVALID && (pm_hidden_is_space(c) || pm_hidden(&alone)));
}

static uint32_t fold(uint32_t c)
{
    char look = look_of(c);
    c = look ? (uint32_t)look : c;
    if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
    }
    return c == '0' ? 'o' : c == '1' || c == 'i' || c == '|' ? 'l' : c;
}

/* The next character that counts; 0 at the end. */
static uint32_t next_one(pm_str *rest)
{
    while (rest->len) {
        uint32_t c;
        *rest = pm_str_tail(*rest, pm_utf8_next(*rest, &c));
        if (!is_overlooked(c)) {
            return fold(c);
        }
    }
    return 0;
}

/* The same, where two of them that stand close look like one: "rn" like "m", "vv" like "w". */
static uint32_t next(pm_str *rest)
{
    uint32_t c = next_one(rest);
    pm_str behind = *rest;
    uint32_t follows = c == 'r' || c == 'v' ? next_one(&behind) : 0;
    if ((c == 'r' && follows == 'n') || (c == 'v' && follows == 'v')) {
        *rest = behind;
        return c == 'r' ? 'm' : 'w';
    }
    return c;
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
    if (pm_listing_has(listing, id)) {
        return false;
    }
    for (size_t i = 0; i < listing->count; i++) {
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
    if (pm_listing_has(listing, id)) {
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
