/* near.c - what was probably meant. */

#include "base/near.h"

#include <string.h>

#define LONGEST 64

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* How many letters must be changed, added, dropped or swapped with their neighbour to get from one to the
 * other (optimal string alignment), three rows of the table at a time. */
static unsigned distance(pm_str a, pm_str b)
{
    unsigned rows[3][LONGEST + 1];
    a = pm_str_slice(a, 0, LONGEST);
    b = pm_str_slice(b, 0, LONGEST);
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *now = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            unsigned change = lower(a.ptr[i - 1]) != lower(b.ptr[j - 1]);
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + change);
            bool is_swap = i > 1 && j > 1 && lower(a.ptr[i - 1]) == lower(b.ptr[j - 2]) &&
                           lower(a.ptr[i - 2]) == lower(b.ptr[j - 1]);
            if (is_swap) {
                now[j] = least(now[j], before[j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

/* A word that holds the other ("runs" in list_runs) is nearer than its length says. */
static unsigned word_distance(pm_str given, pm_str word)
{
    bool holds =
        given.len >= 3 && (pm_str_has_nocase(word, given) || pm_str_has_nocase(given, word));
    unsigned changes = distance(given, word);
    return holds ? 1 : changes;
}

const char *pm_near_word(pm_str given, const char *const *words)
{
    const char *best = NULL;
    unsigned best_changes = 0;
    for (; *words; words++) {
        pm_str word = pm_str_from(*words);
        unsigned changes = word_distance(given, word);
        bool is_like = changes * 2 <= (word.len > given.len ? word.len : given.len);
        if (is_like && (!best || changes < best_changes)) {
            best = *words;
            best_changes = changes;
        }
    }
    return best;
}
