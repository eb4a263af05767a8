/* bench_discovery - what a search that finds a thousand runs costs: from the node's reply as text to
 * a list of runs in order, each address checked. One line: the median of processor time and the
 * limit we hold ourselves to. */

#include "tests/unit/chain_lists.h"

#include <stdio.h>
#include <time.h>
#include <zstd.h>

#define RUNS 1000
#define COUNT 51
#define LIMIT_MS 15.0
#define BODY_MOST ((size_t)4 << 20)

static double cpu_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void add_base64(struct pm_buf *buf, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        unsigned long three = (unsigned long)bytes[i] << 16;
        three |= i + 1 < len ? (unsigned long)bytes[i + 1] << 8 : 0;
        three |= i + 2 < len ? bytes[i + 2] : 0;
        pm_buf_add_char(buf, digits[three >> 18]);
        pm_buf_add_char(buf, digits[three >> 12 & 63]);
        pm_buf_add_char(buf, i + 1 < len ? digits[three >> 6 & 63] : '=');
        pm_buf_add_char(buf, i + 2 < len ? digits[three & 63] : '=');
    }
}

/* As a node writes it, its frames of zstd too. */
static void add_account(struct pm_buf *buf, size_t number)
{
    char id[33];
    unsigned char packed[512];
    int len = snprintf(id, sizeof id, "a-run-of-some-length-%04zu", number);
    struct pm_rpc_row row = instance_row(buf->arena, (pm_str){id, (size_t)len});
    size_t bytes =
        ZSTD_compress(packed, sizeof packed, row.account.data.ptr, row.account.data.len, 1);
    pm_buf_add_c(buf, number ? "," : "");
    pm_buf_add_c(buf, "{\"account\":{\"data\":[\"");
    add_base64(buf, packed, bytes);
    pm_buf_add_c(
        buf,
        "\",\"base64+zstd\"],\"executable\":false,\"lamports\":2094960,\"owner\":\"" LIST_PROGRAM
        "\",\"rentEpoch\":18446744073709551615,\"space\":173},\"pubkey\":\"");
    pm_key_add(buf, &row.key);
    pm_buf_add_c(buf, "\"}");
}

static pm_str make_reply(struct pm_arena *arena)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, BODY_MOST);
    pm_buf_add_c(&buf, "{\"jsonrpc\":\"2.0\",\"result\":{\"context\":{\"apiVersion\":\"3.1.12\","
                       "\"slot\":421337042},"
                       "\"value\":[");
    for (size_t i = 0; i < RUNS; i++) {
        add_account(&buf, i);
    }
    pm_buf_add_c(&buf, "]},\"id\":1}");
    return pm_buf_text(&buf);
}

static double read_once(struct chain_world *world, pm_str reply)
{
    struct pm_arena arena, scratch;
    struct pm_outcome outcome = {0};
    char *text = malloc(reply.len + PM_JSON_PADDING);
    pm_arena_init(&arena, LIST_ARENA_BYTES);
    pm_arena_init(&scratch, LIST_ARENA_BYTES);
    if (!text) {
        abort();
    }
    memcpy(text, reply.ptr, reply.len);
    memset(text + reply.len, 0, PM_JSON_PADDING);
    struct pm_body body = {text, reply.len, world->list.discovery.asks[0]->body, &pm_no_headers};
    double start = cpu_ms();
    const struct pm_rpc_accounts *found = pm_rpc_decode_search(&arena, &scratch, &body, &outcome);
    answer(&world->list.discovery, found, false);
    (void)pm_chain_list_go_on(&world->list);
    double took_ms = cpu_ms() - start;
    if (world->list.count != RUNS) {
        printf("bench_discovery: %zu runs (%s)\n", world->list.count, outcome.problem);
        exit(1);
    }
    world->list.discovered = NULL;
    pm_arena_finish(&scratch);
    pm_arena_finish(&arena);
    free(text);
    return took_ms;
}

int main(void)
{
    static double took_ms[COUNT];
    struct pm_arena arena;
    pm_arena_init(&arena, LIST_ARENA_BYTES);
    pm_str reply = make_reply(&arena);
    for (size_t i = 0; i < COUNT; i++) {
        struct chain_world world;
        open_world(&world);
        took_ms[i] = read_once(&world, reply);
        close_world(&world);
    }
    qsort(took_ms, COUNT, sizeof *took_ms, by_size);
    double median = took_ms[COUNT / 2];
    (void)printf("%-44s %9.2f ms  limit %7.1f%s\n", "discovery of a thousand runs", median,
                 LIMIT_MS, median > LIMIT_MS ? "  over" : "");
    pm_arena_finish(&arena);
    return 0;
}
