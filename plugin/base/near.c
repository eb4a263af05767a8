/* near.c - what was probably meant.
 *
 * A list may have thousands of runs, so the edit distance is Myers' bit-parallel one (Journal of
 * the ACM 46, 1999): the column of the usual table is kept as the differences of neighbours, one
 * bit each for +1 and -1 in a 64-bit word, and a byte of text costs a dozen operations. */

#include "base/near.h"

#include <string.h>

static unsigned char fold(char byte)
{
    unsigned char c = (unsigned char)byte;
    if (c >= 'A' && c <= 'Z') {
        return (unsigned char)(c - 'A' + 'a');
    }
    return c == '_' || c == '.' || c == ' ' ? '-' : c;
}

bool pm_near_compile(struct pm_near *near, pm_str words)
{
    if (words.len == 0 || words.len > PM_NEAR_WORDS_MOST) {
        return false;
    }
    memset(near, 0, sizeof *near);
    near->len = words.len;
    for (size_t i = 0; i < words.len; i++) {
        near->where[fold(words.ptr[i])] |= UINT64_C(1) << i;
    }
    return true;
}

struct pm_near_cost pm_near_compare(const struct pm_near *near, pm_str text)
{
    uint64_t plus = UINT64_MAX, minus = 0, last = UINT64_C(1) << (near->len - 1);
    struct pm_near_cost cost = {.whole = (unsigned)near->len, .beginning = (unsigned)near->len};
    for (size_t i = 0; i < text.len; i++) {
        uint64_t same = near->where[fold(text.ptr[i])];
        uint64_t diagonal = (((same & plus) + plus) ^ plus) | same | minus;
        uint64_t across_plus = minus | ~(diagonal | plus);
        uint64_t across_minus = plus & diagonal;
        cost.whole += (across_plus & last) != 0;
        cost.whole -= (across_minus & last) != 0;
        across_plus = across_plus << 1 | 1; /* the table's first row counts up */
        across_minus <<= 1;
        plus = across_minus | ~(diagonal | across_plus);
        minus = across_plus & diagonal;
        cost.beginning = cost.whole < cost.beginning ? cost.whole : cost.beginning;
    }
    return cost;
}

/* A word that holds the other ("runs" in list_runs) is nearer than its length says. */
static unsigned count_changes(const struct pm_near *near, pm_str given, pm_str word)
{
    bool holds = pm_str_has_nocase(word, given) || pm_str_has_nocase(given, word);
    return given.len >= 3 && holds ? 1 : pm_near_compare(near, word).whole;
}

const char *pm_near_word(pm_str given, const char *const *words)
{
    struct pm_near near;
    const char *best = NULL;
    unsigned fewest = 0;
    if (!pm_near_compile(&near, given)) {
        return NULL;
    }
    for (; *words; words++) {
        pm_str word = pm_str_from(*words);
        unsigned changes = count_changes(&near, given, word);
        bool is_like = changes * 2 <= (word.len > given.len ? word.len : given.len);
        if (is_like && (!best || changes < fewest)) {
            best = *words;
            fewest = changes;
        }
    }
    return best;
}
