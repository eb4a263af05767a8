/* faults.c - what can go wrong, by name. */

#include "faults.h"

#include "bodies.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define NOT_GIVEN INT64_MIN
#define MEGABYTE (INT64_C(1) << 20)

enum value { NO_VALUE, NUMBER, SIGNED_NUMBER, MAYBE_NUMBER, PAIR, TEXT, MAYBE_TEXT };

static void apply_slow(struct sim_reply *reply, const struct sim_part *part)
{
    reply->delay_ms += (uint64_t)part->number;
}

static void apply_stall(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    reply->silence = SIM_NEVER_ANSWERS;
}

static void apply_half_head(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    reply->silence = SIM_RESETS_IN_HEAD;
}

static void apply_html(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    reply->status = 200;
    reply->content_type = "text/html; charset=utf-8";
    sim_reply_copy_body(reply, "<!doctype html>\n<html><body><p>Not the API.</p></body></html>\n");
    reply->is_replaced = true;
}

static void apply_not_json(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_reply_copy_body(reply, "upstream connect failure: this is no JSON\n");
    reply->is_replaced = true;
}

static void apply_empty(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_reply_copy_body(reply, "");
    reply->is_replaced = true;
}

static void apply_body(struct sim_reply *reply, const struct sim_part *part)
{
    sim_reply_copy_body(reply, part->text);
    reply->is_replaced = true;
}

static void apply_error_object(struct sim_reply *reply, const struct sim_part *part)
{
    const struct sim_member members[] = {{"statusCode", NULL, 500},
                                         {"error", "Internal Server Error", 0},
                                         {"message", part->text ? part->text : "simulated", 0}};
    sim_reply_object(reply, 500, members, sizeof members / sizeof *members);
    reply->is_replaced = true;
}

static void apply_deep(struct sim_reply *reply, const struct sim_part *part)
{
    sim_body_nest(reply, (size_t)part->number);
    reply->is_replaced = true;
}

/* A status of failure brings a short text of its own, as a proxy's does, unless another
 * fault has set the body. */
static void apply_status(struct sim_reply *reply, const struct sim_part *part)
{
    reply->status = (unsigned)part->number;
    if (reply->status >= 400 && !reply->is_replaced) {
        char *text = sim_format("%u, says the simulator\n", reply->status);
        reply->content_type = "text/plain; charset=utf-8";
        sim_reply_own_body(reply, text, strlen(text));
        reply->is_replaced = true;
    }
}

static void apply_redirect(struct sim_reply *reply, const struct sim_part *part)
{
    if (reply->status < 300 || reply->status > 399) {
        reply->status = 301;
    }
    sim_reply_set_header(reply, "location", part->text);
    if (!reply->is_replaced) {
        apply_empty(reply, part);
    }
}

static void apply_retry_after(struct sim_reply *reply, const struct sim_part *part)
{
    sim_reply_set_header(reply, "retry-after", part->text);
}

static void apply_header(struct sim_reply *reply, const struct sim_part *part)
{
    const char *colon = strchr(part->text, ':');
    int bytes = (int)(colon ? (size_t)(colon - part->text) : strlen(part->text));
    char *name = sim_format("%.*s", bytes, part->text);
    if (strcasecmp(name, "content-type") == 0) {
        reply->content_type = NULL;
    }
    sim_reply_set_header(reply, name, colon ? colon + 1 + strspn(colon + 1, " ") : "");
    free(name);
}

static void apply_nul(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_body_insert(reply, '\0');
}

static void apply_invalid_utf8(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_body_insert(reply, '\xFF');
}

static void apply_repeat_key(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_body_repeat_key(reply);
}

static void apply_huge_number(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_body_enlarge_number(reply);
}

static void apply_utf16(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    sim_body_widen(reply);
    reply->content_type = NULL;
    sim_reply_set_header(reply, "content-type", "application/json; charset=utf-16");
}

static void apply_huge(struct sim_reply *reply, const struct sim_part *part)
{
    sim_body_pad(reply, (size_t)part->number);
}

static void apply_gzip_bomb(struct sim_reply *reply, const struct sim_part *part)
{
    sim_body_bomb(reply, (size_t)part->number);
}

static void apply_zstd_bomb(struct sim_reply *reply, const struct sim_part *part)
{
    sim_body_zstd_bomb(reply, (size_t)part->number);
}

static void apply_drip(struct sim_reply *reply, const struct sim_part *part)
{
    reply->drip_bytes = (size_t)part->number;
    reply->drip_ms = (uint64_t)part->second;
}

static void end_at(struct sim_reply *reply, enum sim_ending ending, int64_t bytes)
{
    reply->ending = ending;
    reply->cut_at = (uint64_t)bytes < reply->body_bytes ? (size_t)bytes : reply->body_bytes;
}

/* Too large: the client waits for bytes that never come. */
static void apply_bad_length(struct sim_reply *reply, const struct sim_part *part)
{
    reply->length_lie = part->number;
    if (part->number > 0) {
        end_at(reply, SIM_END_STALL, (int64_t)reply->body_bytes);
    }
}

static void apply_truncate(struct sim_reply *reply, const struct sim_part *part)
{
    end_at(reply, SIM_END_CLOSE, part->number);
}

static void apply_stall_body(struct sim_reply *reply, const struct sim_part *part)
{
    end_at(reply, SIM_END_STALL, part->number);
}

static void apply_reset(struct sim_reply *reply, const struct sim_part *part)
{
    if (part->number == NOT_GIVEN) {
        reply->silence = SIM_RESETS_AT_ONCE;
    } else {
        end_at(reply, SIM_END_RESET, part->number);
    }
}

static void apply_bad_chunk(struct sim_reply *reply, const struct sim_part *part)
{
    (void)part;
    end_at(reply, SIM_END_BAD_CHUNK, (int64_t)(reply->body_bytes / 2));
}

static const struct row {
    const char *name;
    enum value value;
    int64_t unless_given, least, most;
    void (*apply)(struct sim_reply *, const struct sim_part *);
    const char *meaning;
} rows[] = {
    {"times", NUMBER, 0, 0, INT32_MAX, NULL, "=N  this fault only for the first N requests"},
    {"slow", NUMBER, 0, 0, INT32_MAX, apply_slow, "=MS  waits before the answer"},
    {"stall", NO_VALUE, 0, 0, 0, apply_stall, "accepts and never answers"},
    {"half-head", NO_VALUE, 0, 0, 0, apply_half_head, "RST in the middle of the head"},
    {"html", NO_VALUE, 0, 0, 0, apply_html, "a web page, status 200"},
    {"not-json", NO_VALUE, 0, 0, 0, apply_not_json, "plain words under JSON's content type"},
    {"empty", NO_VALUE, 0, 0, 0, apply_empty, "no body"},
    {"body", TEXT, 0, 0, 0, apply_body, "=TEXT  this body instead; it can hold no +"},
    {"error-object", MAYBE_TEXT, 0, 0, 0, apply_error_object,
     "[=MESSAGE]  500 with the dashboard's own object"},
    {"deep", NUMBER, 0, 1, 64 * MEGABYTE, apply_deep, "=N  N arrays in each other"},
    {"status", NUMBER, 0, 200, 599, apply_status, "=N  from 400 on with a text of its own"},
    {"redirect", TEXT, 0, 0, 0, apply_redirect, "=URL  301, or the 3xx of status="},
    {"retry-after", TEXT, 0, 0, 0, apply_retry_after, "=TEXT  adds that header"},
    {"header", TEXT, 0, 0, 0, apply_header, "=NAME[:VALUE]  that header; without value, not it"},
    {"nul", NO_VALUE, 0, 0, 0, apply_nul, "a NUL byte in the first text value"},
    {"invalid-utf8", NO_VALUE, 0, 0, 0, apply_invalid_utf8, "a byte 0xFF in the first text value"},
    {"repeat-key", NO_VALUE, 0, 0, 0, apply_repeat_key, "the first key twice, a 7 before its own"},
    {"huge-number", NO_VALUE, 0, 0, 0, apply_huge_number, "1e999 instead of the first number"},
    {"utf-16", NO_VALUE, 0, 0, 0, apply_utf16, "the same text in UTF-16, which its type says"},
    {"huge", MAYBE_NUMBER, 17 * MEGABYTE, 0, 512 * MEGABYTE, apply_huge,
     "[=BYTES]  the same document and spaces, up to 17 MiB"},
    {"gzip-bomb", MAYBE_NUMBER, 68 * MEGABYTE, 1, 1024 * MEGABYTE, apply_gzip_bomb,
     "[=BYTES]  gzip that expands to 68 MiB"},
    {"zstd-bomb", MAYBE_NUMBER, 68 * MEGABYTE, 1, 1024 * MEGABYTE, apply_zstd_bomb,
     "[=BYTES]  zstd that expands to 68 MiB"},
    {"bad-length", SIGNED_NUMBER, 10, -MEGABYTE, MEGABYTE, apply_bad_length,
     "[=N]  Content-Length too large by N, or 10; too small when N < 0"},
    {"drip", PAIR, 0, 1, INT32_MAX, apply_drip, "=BYTES/MS  that many bytes, then a pause"},
    {"truncate", NUMBER, 0, 0, INT32_MAX, apply_truncate, "=N  closes after N bytes of the body"},
    {"stall-body", MAYBE_NUMBER, 0, 0, INT32_MAX, apply_stall_body,
     "[=N]  the head and N bytes, or none, then nothing more"},
    {"reset", MAYBE_NUMBER, NOT_GIVEN, 0, INT32_MAX, apply_reset,
     "[=N]  RST after N bytes of the body; without N before the head"},
    {"bad-chunk", NO_VALUE, 0, 0, 0, apply_bad_chunk,
     "half the body in a chunk, then a chunk size that is none"},
};

#define ROWS (sizeof rows / sizeof *rows)

void sim_fault_list(FILE *out)
{
    for (size_t i = 0; i < ROWS; i++) {
        bool has_value = rows[i].meaning[0] == '=' || rows[i].meaning[0] == '[';
        fprintf(out, "  %s%s%s\n", rows[i].name, has_value ? "" : "  ", rows[i].meaning);
    }
}

static bool read_in_range(const char *text, const struct row *row, int64_t *out)
{
    return sim_read_number(text, out) && *out >= row->least && *out <= row->most;
}

/* Splits BYTES/MS in place. */
static bool read_pair(char *text, const struct row *row, struct sim_part *part)
{
    char *slash = strchr(text, '/');
    if (!slash) {
        return false;
    }
    *slash = '\0';
    return read_in_range(text, row, &part->number) && sim_read_number(slash + 1, &part->second) &&
           part->second >= 0 && part->second <= INT32_MAX;
}

static bool read_value(char *value, const struct row *row, struct sim_part *part)
{
    part->number = row->unless_given;
    part->text = value;
    switch (row->value) {
    case NO_VALUE:
        return !value;
    case NUMBER:
        return value && read_in_range(value, row, &part->number);
    case MAYBE_NUMBER:
    case SIGNED_NUMBER:
        return !value || read_in_range(value, row, &part->number);
    case PAIR:
        return value && read_pair(value, row, part);
    case TEXT:
        return value && *value;
    case MAYBE_TEXT:
        return true;
    }
    return false;
}

static bool parse_part(struct sim_fault *fault, char *text)
{
    struct sim_part part = {0};
    char *equals = strchr(text, '=');
    if (equals) {
        *equals = '\0';
    }
    while (part.row < ROWS && strcmp(rows[part.row].name, text) != 0) {
        part.row++;
    }
    if (part.row == ROWS) {
        fprintf(stderr, "psyche-sim: no fault \"%s\"; --help lists them\n", text);
        return false;
    }
    if (!read_value(equals ? equals + 1 : NULL, &rows[part.row], &part)) {
        fprintf(stderr, "psyche-sim: fault %s: it is %s%s\n", text, text, rows[part.row].meaning);
        return false;
    }
    if (fault->count == SIM_FAULT_PARTS) {
        fprintf(stderr, "psyche-sim: a fault has at most %d parts\n", SIM_FAULT_PARTS);
        return false;
    }
    size_t at = fault->count++;
    for (; at > 0 && fault->parts[at - 1].row > part.row; at--) {
        fault->parts[at] = fault->parts[at - 1];
    }
    fault->parts[at] = part;
    if (!rows[part.row].apply) {
        atomic_store(&fault->left, part.number);
    }
    return true;
}

bool sim_fault_parse(struct sim_fault *fault, const char *text)
{
    *fault = (struct sim_fault){.text = sim_copy(text), .copy = sim_copy(text)};
    atomic_init(&fault->left, -1);
    char *rest = fault->copy, *arrow = strstr(rest, "=>"), *one;
    if (arrow) {
        *arrow = '\0';
        fault->prefix = rest;
        rest = arrow + 2;
    }
    while ((one = strsep(&rest, "+"))) {
        if (!parse_part(fault, one)) {
            sim_fault_finish(fault);
            return false;
        }
    }
    return true;
}

void sim_fault_finish(struct sim_fault *fault)
{
    free(fault->copy);
    free(fault->text);
    fault->copy = fault->text = NULL;
}

/* Counts a request in; several may race for the last place. */
static bool take_place(struct sim_fault *fault)
{
    long long left = atomic_load(&fault->left);
    while (left > 0 && !atomic_compare_exchange_weak(&fault->left, &left, left - 1)) {
    }
    return left != 0;
}

/* False when this fault is for others or used up. */
static bool apply_fault(struct sim_fault *fault, const char *route, struct sim_reply *reply)
{
    bool is_meant = !fault->prefix || sim_starts(route, fault->prefix);
    if (!is_meant || !take_place(fault)) {
        return false;
    }
    for (size_t i = 0; i < fault->count; i++) {
        const struct sim_part *part = &fault->parts[i];
        if (rows[part->row].apply) {
            rows[part->row].apply(reply, part);
        }
    }
    return true;
}

char *sim_faults_apply(struct sim_fault *faults, size_t count, const char *route,
                       struct sim_reply *reply)
{
    char *done = sim_copy("");
    for (size_t i = 0; i < count; i++) {
        if (apply_fault(&faults[i], route, reply)) {
            char *longer = sim_format("%s%s%s", done, *done ? " " : "", faults[i].text);
            free(done);
            done = longer;
        }
    }
    return done;
}
