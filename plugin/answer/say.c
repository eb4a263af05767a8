/* say.c - the words of a summary and of notes. */

#include "answer/parts.h"

#include "codec/number.h"

#include <assert.h>
#include <string.h>

#define SAID_MOST 8192
#define SHORT_DIGITS 3
#define SHORT_DECIMALS 2
#define MINUTE_S 60
#define HOUR_S 3600
#define DAY_S 86400

void pm_say_init(struct pm_say *say, struct pm_arena *arena)
{
    pm_buf_init(&say->buf, arena, SAID_MOST);
}

void pm_say_own(struct pm_say *say, const char *own)
{
    pm_buf_add_c(&say->buf, own);
}

/* One word, as ids, repositories, revisions and places in a bucket usually are. */
static bool is_plain_word(pm_str text)
{
    static const char marks[] = "._-/@:+";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && !is_digit && !memchr(marks, c, sizeof marks - 1)) {
            return false;
        }
    }
    return text.len > 0;
}

/* An id may also be a sentence, or a label with words of its own around it. Between quotes it reads
 * as what it is, and as it cannot hold one, it does not get out of them. */
static void say_quoted(struct pm_buf *buf, pm_str text)
{
    pm_buf_add_char(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"') {
            pm_buf_add_c(buf, "<U+22>");
        } else {
            pm_buf_add_char(buf, text.ptr[i]);
        }
    }
    pm_buf_add_char(buf, '"');
}

/* Names and descriptions hold whole sentences of anybody's; the references are no outsider's. */
void pm_say_text(struct pm_say *say, const struct pm_clean *text)
{
    enum pm_text_use use = pm_clean_use(text);
    bool is_outsiders = use == PM_TEXT_ID || use == PM_TEXT_REPOSITORY;
    assert(is_outsiders || use == PM_TEXT_GUIDE);
    if (is_outsiders && !is_plain_word(pm_clean_text(text))) {
        say_quoted(&say->buf, pm_clean_text(text));
    } else if (is_outsiders || use == PM_TEXT_GUIDE) {
        pm_buf_add(&say->buf, pm_clean_text(text));
    }
}

void pm_say_count(struct pm_say *say, uint64_t count)
{
    pm_buf_add_u64(&say->buf, count);
}

void pm_say_short(struct pm_say *say, struct pm_big n)
{
    pm_big_add_short(&say->buf, n, SHORT_DIGITS, SHORT_DECIMALS);
}

void pm_say_fixed(struct pm_say *say, double value, unsigned decimals)
{
    pm_number_add_fixed(&say->buf, value, decimals);
}

static void say_tenths(struct pm_say *say, uint64_t seconds, uint64_t unit_s, const char *unit)
{
    uint64_t tenths = seconds / unit_s * 10 + (seconds % unit_s * 10 + unit_s / 2) / unit_s;
    pm_buf_add_u64(&say->buf, tenths / 10);
    if (tenths % 10) {
        pm_buf_add_char(&say->buf, '.');
        pm_buf_add_u64(&say->buf, tenths % 10);
    }
    pm_buf_add_c(&say->buf, unit);
}

void pm_say_span(struct pm_say *say, int64_t seconds)
{
    uint64_t span_s = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    if (seconds < 0) {
        pm_buf_add_char(&say->buf, '-');
    }
    if (span_s < MINUTE_S) {
        pm_buf_add_u64(&say->buf, span_s);
        pm_buf_add_c(&say->buf, " s");
    } else if (span_s < HOUR_S) {
        pm_buf_add_u64(&say->buf, span_s / MINUTE_S);
        pm_buf_add_c(&say->buf, " min");
    } else if (span_s < (uint64_t)2 * DAY_S) {
        say_tenths(say, span_s, HOUR_S, " h");
    } else {
        say_tenths(say, span_s, DAY_S, " days");
    }
}

void pm_say_counted(struct pm_say *say, uint64_t count, const char *one, const char *many)
{
    pm_buf_add_u64(&say->buf, count);
    pm_buf_add_char(&say->buf, ' ');
    pm_buf_add_c(&say->buf, count == 1 ? one : many);
}

/* --- where it is said --- */

/* Taken: what is said next begins anew, in memory of its own. */
static yyjson_mut_val *take(struct pm_answer *answer, struct pm_say *say)
{
    pm_str text = pm_buf_text(&say->buf);
    pm_say_init(say, say->buf.arena);
    return pm_value_text(answer, text);
}

void pm_answer_summary(struct pm_answer *answer, struct pm_say *say)
{
    if (answer) {
        answer->summary = take(answer, say);
    }
}

void pm_answer_note(struct pm_answer *answer, struct pm_say *say)
{
    if (answer) {
        yyjson_mut_arr_append(answer->notes, take(answer, say));
    }
}

void pm_answer_note_clean(struct pm_answer *answer, const struct pm_clean *text)
{
    if (answer) {
        yyjson_mut_arr_append(answer->notes, pm_value_text(answer, pm_clean_text(text)));
    }
}

void pm_answer_note_own(struct pm_answer *answer, const char *own)
{
    if (answer) {
        yyjson_mut_arr_append(answer->notes, pm_value_own(answer, own));
    }
}
