/* hidden.c - characters that nobody sees, and the few places where they belong. */

#include "answer/hidden.h"

#define ZERO_WIDTH_NON_JOINER 0x200C
#define ZERO_WIDTH_JOINER 0x200D
#define TEXT_SELECTOR 0xFE0E
#define PICTURE_SELECTOR 0xFE0F
#define KEYCAP 0x20E3

struct range {
    uint32_t first, last;
};

/* Unicode's Default_Ignorable_Code_Point, its controls and noncharacters, and what changes the
 * direction or the lines of a text. Ascending, as are all tables here. */
static const struct range hidden[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

/* Pictographs that are drawn as plain text unless U+FE0F follows
 * (Unicode 14: Emoji without Emoji_Presentation). */
static const struct range plain_pictographs[] = {
    {0x00A9, 0x00A9},   {0x00AE, 0x00AE},   {0x203C, 0x203C},   {0x2049, 0x2049},
    {0x2122, 0x2122},   {0x2139, 0x2139},   {0x2194, 0x2199},   {0x21A9, 0x21AA},
    {0x2328, 0x2328},   {0x23CF, 0x23CF},   {0x23ED, 0x23EF},   {0x23F1, 0x23F2},
    {0x23F8, 0x23FA},   {0x24C2, 0x24C2},   {0x25AA, 0x25AB},   {0x25B6, 0x25B6},
    {0x25C0, 0x25C0},   {0x25FB, 0x25FC},   {0x2600, 0x2604},   {0x260E, 0x260E},
    {0x2611, 0x2611},   {0x2618, 0x2618},   {0x261D, 0x261D},   {0x2620, 0x2620},
    {0x2622, 0x2623},   {0x2626, 0x2626},   {0x262A, 0x262A},   {0x262E, 0x262F},
    {0x2638, 0x263A},   {0x2640, 0x2640},   {0x2642, 0x2642},   {0x265F, 0x2660},
    {0x2663, 0x2663},   {0x2665, 0x2666},   {0x2668, 0x2668},   {0x267B, 0x267B},
    {0x267E, 0x267E},   {0x2692, 0x2692},   {0x2694, 0x2697},   {0x2699, 0x2699},
    {0x269B, 0x269C},   {0x26A0, 0x26A0},   {0x26A7, 0x26A7},   {0x26B0, 0x26B1},
    {0x26C8, 0x26C8},   {0x26CF, 0x26CF},   {0x26D1, 0x26D1},   {0x26D3, 0x26D3},
    {0x26E9, 0x26E9},   {0x26F0, 0x26F1},   {0x26F4, 0x26F4},   {0x26F7, 0x26F9},
    {0x2702, 0x2702},   {0x2708, 0x2709},   {0x270C, 0x270D},   {0x270F, 0x270F},
    {0x2712, 0x2712},   {0x2714, 0x2714},   {0x2716, 0x2716},   {0x271D, 0x271D},
    {0x2721, 0x2721},   {0x2733, 0x2734},   {0x2744, 0x2744},   {0x2747, 0x2747},
    {0x2763, 0x2764},   {0x27A1, 0x27A1},   {0x2934, 0x2935},   {0x2B05, 0x2B07},
    {0x3030, 0x3030},   {0x303D, 0x303D},   {0x3297, 0x3297},   {0x3299, 0x3299},
    {0x1F170, 0x1F171}, {0x1F17E, 0x1F17F}, {0x1F202, 0x1F202}, {0x1F237, 0x1F237},
    {0x1F321, 0x1F321}, {0x1F324, 0x1F32C}, {0x1F336, 0x1F336}, {0x1F37D, 0x1F37D},
    {0x1F396, 0x1F397}, {0x1F399, 0x1F39B}, {0x1F39E, 0x1F39F}, {0x1F3CB, 0x1F3CE},
    {0x1F3D4, 0x1F3DF}, {0x1F3F3, 0x1F3F3}, {0x1F3F5, 0x1F3F5}, {0x1F3F7, 0x1F3F7},
    {0x1F43F, 0x1F43F}, {0x1F441, 0x1F441}, {0x1F4FD, 0x1F4FD}, {0x1F549, 0x1F54A},
    {0x1F56F, 0x1F570}, {0x1F573, 0x1F579}, {0x1F587, 0x1F587}, {0x1F58A, 0x1F58D},
    {0x1F590, 0x1F590}, {0x1F5A5, 0x1F5A5}, {0x1F5A8, 0x1F5A8}, {0x1F5B1, 0x1F5B2},
    {0x1F5BC, 0x1F5BC}, {0x1F5C2, 0x1F5C4}, {0x1F5D1, 0x1F5D3}, {0x1F5DC, 0x1F5DE},
    {0x1F5E1, 0x1F5E1}, {0x1F5E3, 0x1F5E3}, {0x1F5E8, 0x1F5E8}, {0x1F5EF, 0x1F5EF},
    {0x1F5F3, 0x1F5F3}, {0x1F5FA, 0x1F5FA}, {0x1F6CB, 0x1F6CB}, {0x1F6CD, 0x1F6CF},
    {0x1F6E0, 0x1F6E5}, {0x1F6E9, 0x1F6E9}, {0x1F6F0, 0x1F6F0}, {0x1F6F3, 0x1F6F3},
};

/* Pictographs in colour by themselves: exact below U+1F300; from there on the whole pictograph
 * blocks, so that newer ones count too. */
static const struct range coloured_pictographs[] = {
    {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0},   {0x23F3, 0x23F3},
    {0x25FD, 0x25FE},   {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},
    {0x2693, 0x2693},   {0x26A1, 0x26A1},   {0x26AA, 0x26AB},   {0x26BD, 0x26BE},
    {0x26C4, 0x26C5},   {0x26CE, 0x26CE},   {0x26D4, 0x26D4},   {0x26EA, 0x26EA},
    {0x26F2, 0x26F3},   {0x26F5, 0x26F5},   {0x26FA, 0x26FA},   {0x26FD, 0x26FD},
    {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728},   {0x274C, 0x274C},
    {0x274E, 0x274E},   {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},
    {0x27B0, 0x27B0},   {0x27BF, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},
    {0x2B55, 0x2B55},   {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E},
    {0x1F191, 0x1F19A}, {0x1F201, 0x1F201}, {0x1F21A, 0x1F21A}, {0x1F22F, 0x1F22F},
    {0x1F232, 0x1F236}, {0x1F238, 0x1F23A}, {0x1F250, 0x1F251}, {0x1F300, 0x1FAFF},
};

/* Blocks of scripts whose letters join or form ligatures, so that a joiner between two changes
 * both: Arabic, Syriac, N'Ko, Mandaic; the Brahmic scripts of India and Sri Lanka; Myanmar;
 * Khmer; Mongolian. */
static const struct range joining_letters[] = {
    {0x0620, 0x065F}, {0x066E, 0x06D3}, {0x06D5, 0x06DC}, {0x06DF, 0x06EF}, {0x06FA, 0x06FF},
    {0x0710, 0x07BF}, {0x07CA, 0x07F5}, {0x0840, 0x085B}, {0x0860, 0x08FF}, {0x0900, 0x0963},
    {0x0971, 0x09E3}, {0x0A00, 0x0A65}, {0x0A70, 0x0AE3}, {0x0B00, 0x0B63}, {0x0B71, 0x0BE5},
    {0x0C00, 0x0C65}, {0x0C80, 0x0CE5}, {0x0D00, 0x0D65}, {0x0D7A, 0x0DDF}, {0x1000, 0x103F},
    {0x1050, 0x108F}, {0x1780, 0x17B3}, {0x17B6, 0x17D3}, {0x1820, 0x18AA},
};

static const struct range spaces[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

static bool is_in(const struct range *table, size_t count, uint32_t code_point)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (code_point > table[middle].last) {
            from = middle + 1;
        } else if (code_point < table[middle].first) {
            to = middle;
        } else {
            return true;
        }
    }
    return false;
}

#define IS_IN(table, code_point) is_in((table), sizeof(table) / sizeof *(table), (code_point))

static bool is_plain_pictograph(uint32_t code_point)
{
    return IS_IN(plain_pictographs, code_point);
}

static bool is_coloured_pictograph(uint32_t code_point)
{
    return IS_IN(coloured_pictographs, code_point) && !is_plain_pictograph(code_point);
}

static bool is_pictograph(uint32_t code_point)
{
    return IS_IN(coloured_pictographs, code_point) || is_plain_pictograph(code_point);
}

static bool selects_picture(const struct pm_place *place)
{
    uint32_t base = place->before;
    if ((base >= '0' && base <= '9') || base == '#' || base == '*') {
        return place->after == KEYCAP;
    }
    return place->is_strict ? is_plain_pictograph(base) : is_pictograph(base);
}

static bool selects_text(const struct pm_place *place)
{
    return place->is_strict ? is_coloured_pictograph(place->before) : is_pictograph(place->before);
}

static bool joins_pictographs(const struct pm_place *place)
{
    uint32_t left = place->before;
    if (left == PICTURE_SELECTOR) {
        left = place->before_last;
        if (place->is_strict && !is_plain_pictograph(left)) {
            return false; /* that selector does not pass either */
        }
    }
    return is_pictograph(left) && is_pictograph(place->after);
}

/* The sign that takes a consonant's vowel away. The Indian blocks are laid out alike: it
 * stands in the same place of each. */
static bool is_virama(uint32_t code_point)
{
    bool is_indian = code_point >= 0x0900 && code_point <= 0x0D7F;
    return (is_indian && (code_point & 0x7F) == 0x4D) || code_point == 0x0DCA ||
           code_point == 0x1039 || code_point == 0x17D2;
}

static bool joins_letters(const struct pm_place *place)
{
    bool is_joiner = place->code_point == ZERO_WIDTH_JOINER;
    if (place->is_strict || !IS_IN(joining_letters, place->before)) {
        return false;
    }
    return IS_IN(joining_letters, place->after) || (is_joiner && is_virama(place->before));
}

static bool varies_mongolian(const struct pm_place *place)
{
    return !place->is_strict && place->before >= 0x1820 && place->before <= 0x18AA;
}

bool pm_hidden(const struct pm_place *place)
{
    uint32_t code_point = place->code_point;
    if ((code_point & 0xFFFE) == 0xFFFE) {
        return true; /* the last two of each plane are noncharacters */
    }
    if (!IS_IN(hidden, code_point)) {
        return false;
    }
    switch (code_point) {
    case PICTURE_SELECTOR:
        return !selects_picture(place);
    case TEXT_SELECTOR:
        return !selects_text(place);
    case ZERO_WIDTH_JOINER:
        return !joins_pictographs(place) && !joins_letters(place);
    case ZERO_WIDTH_NON_JOINER:
        return !joins_letters(place);
    case 0x180B:
    case 0x180C:
    case 0x180D:
    case 0x180F:
        return !varies_mongolian(place);
    default:
        return true;
    }
}

bool pm_hidden_is_space(uint32_t code_point)
{
    return IS_IN(spaces, code_point);
}
