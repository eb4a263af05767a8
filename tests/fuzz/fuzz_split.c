/* fuzz_split.c - a stream of documents in pieces is the same documents.
 *
 * The input's first byte says how many sizes of pieces follow (0 to 7), the next ones how large the
 * pieces are (1 to 16 bytes, in turn), and the rest is the stream. */

#include "fuzz.h"

#include "codec/split.h"

#define MOST_SIZES 8

struct document {
    size_t start, end;
};

/* Documents as positions in the stream, found in pieces of those sizes. */
struct found {
    struct document *documents;
    size_t count;
    bool is_open;
};

static void note(struct found *found, size_t start, size_t end)
{
    HOLDS(start < end);
    HOLDS(found->count == 0 || found->documents[found->count - 1].end <= start);
    found->documents[found->count++] = (struct document){start, end};
}

static struct found find(pm_str stream, const uint8_t *sizes, size_t size_count)
{
    struct pm_split split = {0};
    struct found found = {.documents = calloc(stream.len + 1, sizeof(struct document))};
    size_t at = 0, document_start = 0, turn = 0;
    if (!found.documents) {
        abort();
    }
    while (at < stream.len) {
        size_t piece = size_count ? (size_t)(sizes[turn++ % size_count] % 16) + 1 : stream.len;
        pm_str fresh = pm_str_slice(stream, at, at + piece);
        while (fresh.len > 0) {
            bool was_open = pm_split_is_open(&split);
            size_t start = SIZE_MAX, end = SIZE_MAX;
            bool has_ended = pm_split_next(&split, fresh, &start, &end);
            HOLDS(start <= end && end <= fresh.len && (!was_open || start == 0));
            document_start = was_open ? document_start : at + start;
            if (has_ended) {
                HOLDS(end > 0 || was_open);
                note(&found, document_start, at + end);
            } else {
                HOLDS(end == fresh.len);
            }
            at += end;
            fresh = pm_str_tail(fresh, end);
        }
    }
    found.is_open = pm_split_is_open(&split);
    if (found.is_open) {
        note(&found, document_start, stream.len);
    }
    return found;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Nothing but white space lies between documents. */
static void check_gaps(pm_str stream, const struct found *found)
{
    size_t at = 0;
    for (size_t i = 0; i <= found->count; i++) {
        size_t end = i < found->count ? found->documents[i].start : stream.len;
        for (; at < end; at++) {
            HOLDS(is_space(stream.ptr[at]));
        }
        at = i < found->count ? found->documents[i].end : at;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t size_count = size ? data[0] % MOST_SIZES : 0;
    if (size < 1 + size_count) {
        return 0;
    }
    pm_str stream = fuzz_text(data + 1 + size_count, size - 1 - size_count);
    struct found whole = find(stream, NULL, 0), pieces = find(stream, data + 1, size_count);
    HOLDS(whole.count == pieces.count && whole.is_open == pieces.is_open);
    for (size_t i = 0; i < whole.count; i++) {
        HOLDS(whole.documents[i].start == pieces.documents[i].start);
        HOLDS(whole.documents[i].end == pieces.documents[i].end);
    }
    check_gaps(stream, &whole);
    free(whole.documents);
    free(pieces.documents);
    return 0;
}
