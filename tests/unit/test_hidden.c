/* test_hidden.c - characters that nobody sees, each place where one belongs, and its neighbours. */

#include "answer/hidden.h"
#include "check.h"

#define NJ 0x200C
#define J 0x200D
#define TEXT 0xFE0E
#define PICTURE 0xFE0F

#define ALEF 0x0627
#define BETH 0x0712
#define KA 0x0915
#define SINHALA_KA 0x0D9A
#define MYANMAR_KA 0x1000
#define KHMER_KA 0x1780
#define MONGOLIAN_A 0x1820
#define HEART 0x2764  /* plain by itself */
#define STAR 0x2B50   /* coloured by itself */
#define FLAG 0x1F3F3  /* plain, in a block of coloured ones */
#define WOMAN 0x1F469 /* coloured */

static const struct {
    const char *what;
    uint32_t before_last, before, code_point, after;
    bool is_hidden, is_hidden_in_an_id;
} rows[] = {
    {"a letter", 0, 'a', 'b', 'c', false, false},
    {"an accent", 0, 'e', 0x0301, 0, false, false},
    {"a control", 0, 'a', 0x1B, '[', true, true},
    {"the last of a plane", 0, 'a', 0x2FFFF, 'b', true, true},
    {"a tag", 0, WOMAN, 0xE0061, 0, true, true},

    {"a keycap of a digit", 0, '1', PICTURE, 0x20E3, false, false},
    {"a keycap of #", 0, '#', PICTURE, 0x20E3, false, false},
    {"a keycap of *", 0, '*', PICTURE, 0x20E3, false, false},
    {"no keycap", 0, '9', PICTURE, 'a', true, true},
    {"a selector after what is no digit", 0, ':', PICTURE, 0x20E3, true, true},
    {"and before the digits", 0, '/', PICTURE, 0x20E3, true, true},
    {"a picture of a plain one", 0, HEART, PICTURE, 0, false, false},
    {"a picture of a coloured one changes nothing", 0, STAR, PICTURE, 0, false, true},
    {"a text of a coloured one", 0, STAR, TEXT, 0, false, false},
    {"a text of a plain one changes nothing", 0, HEART, TEXT, 0, false, true},
    {"a plain one among coloured ones: picture", 0, FLAG, PICTURE, 0, false, false},
    {"a plain one among coloured ones: text", 0, FLAG, TEXT, 0, false, true},
    {"a text of a letter", 0, 'a', TEXT, 0, true, true},

    {"joined pictographs", 0, WOMAN, J, STAR, false, false},
    {"after a selector that does something", HEART, PICTURE, J, STAR, false, false},
    {"after one that does nothing", STAR, PICTURE, J, HEART, false, true},
    {"after one that follows no pictograph", 'a', PICTURE, J, HEART, true, true},
    {"a pictograph and a letter", 0, WOMAN, J, 'a', true, true},
    {"a letter and a pictograph", 0, 'a', J, WOMAN, true, true},
    {"pictographs do not take the other", 0, WOMAN, NJ, STAR, true, true},

    {"Arabic, joined", 0, ALEF, J, ALEF, false, true},
    {"Arabic, kept apart", 0, ALEF, NJ, ALEF, false, true},
    {"Syriac, kept apart", 0, BETH, NJ, BETH, false, true},
    {"Arabic and a digit", 0, ALEF, NJ, 0x0661, true, true},
    {"Latin", 0, 'a', NJ, 'b', true, true},
    {"at the beginning", 0, 0, J, KA, true, true},
    {"at the end, after a letter", 0, KA, J, 0, true, true},

    {"after a virama", KA, 0x094D, J, 0, false, true},
    {"the other after a virama, at the end", KA, 0x094D, NJ, 0, true, true},
    {"Malayalam's", KA, 0x0D4D, J, 0, false, true},
    {"Sinhala's", SINHALA_KA, 0x0DCA, J, 0, false, true},
    {"Myanmar's", MYANMAR_KA, 0x1039, J, 0, false, true},
    {"Khmer's", KHMER_KA, 0x17D2, J, 0, false, true},
    {"a sign of Myanmar that is none", MYANMAR_KA, 0x1038, J, 0, true, true},
    {"where Sinhala's would be if its block were like the others", SINHALA_KA, 0x0DCD, J, 0, true,
     true},

    {"Mongolian", 0, MONGOLIAN_A, 0x180B, MONGOLIAN_A, false, true},
    {"its second", 0, MONGOLIAN_A, 0x180C, MONGOLIAN_A, false, true},
    {"its third", 0, 0x18AA, 0x180D, 0, false, true},
    {"its fourth", 0, MONGOLIAN_A, 0x180F, 0, false, true},
    {"its separator of vowels", 0, MONGOLIAN_A, 0x180E, MONGOLIAN_A, true, true},
    {"before its letters", 0, 0x181F, 0x180B, 0, true, true},
    {"behind them", 0, 0x18AB, 0x180B, 0, true, true},
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int is_strict = 0; is_strict < 2; is_strict++) {
            struct pm_place place = {rows[i].before_last, rows[i].before, rows[i].code_point,
                                     rows[i].after, is_strict};
            bool want = is_strict ? rows[i].is_hidden_in_an_id : rows[i].is_hidden;
            CHECK(pm_hidden(&place) == want, "%s%s: want %d", rows[i].what,
                  is_strict ? ", in an id" : "", want);
        }
    }
    return check_done();
}
