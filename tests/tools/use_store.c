/* use_store.c - the store by itself, for tests that kill its user or take its room away.
 *
 *   use_store write PATH FIRST COUNT   puts numbered replies and says each number that is there
 *   use_store check PATH               reads "KEY NUMBER" lines; says those that are not as put
 *
 * Reply number N goes to key N % KEYS and has bytes that follow from N, so that whoever finds it
 * can tell whether it is whole. "refused N" is a put that the store did not promise. */

#include "codec/zstd.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEYS 200
#define BODY_MOST 40000
#define RUN_ID "a-run"

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct pm_store_key key_of(unsigned long number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%lu", number % KEYS);
    return pm_store_key_of(PM_STR("test"), pm_str_from(text), PM_STR(""), PM_STR(""));
}

/* Its number and then bytes that hardly pack. */
static pm_str body_of(unsigned long number, char room[BODY_MOST])
{
    uint32_t state = (uint32_t)number * 2654435761U + 1;
    size_t len = 16 + state % (BODY_MOST - 16);
    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        room[i] = (char)(state >> 24);
    }
    (void)snprintf(room, 16, "%lu", number);
    return (pm_str){room, len};
}

static bool put(struct pm_store *store, unsigned long number)
{
    char room[BODY_MOST];
    pm_str body = body_of(number, room), packed;
    struct pm_store_key key = key_of(number);
    if (!pm_zstd_pack(body, &packed)) {
        return false;
    }
    struct pm_store_reply reply = {.received_ms = now_ms(),
                                   .useful_until_ms = now_ms() + 86400000,
                                   .http = 200,
                                   .headers = PM_STR("Content-Type: test\r\n"),
                                   .packed = packed,
                                   .body_bytes = body.len};
    (void)!pm_store_lease(store, &key, now_ms()); /* of one that was killed, perhaps: no matter */
    bool is_there = pm_store_put(store, &key, &reply);
    free((void *)(uintptr_t)packed.ptr);
    return is_there;
}

static int write_replies(struct pm_store *store, unsigned long first, unsigned long count)
{
    for (unsigned long number = first; number < first + count; number++) {
        bool is_there = put(store, number);
        struct pm_seen row = {.id = PM_STR(RUN_ID),
                              .at_ms = now_ms(),
                              .state = PM_STR("active"),
                              .step = (int64_t)number,
                              .clients = -1};
        (void)pm_store_see(store, &row, 1);
        (void)pm_store_trim(store, now_ms());
        printf("%s%lu\n", is_there ? "" : "refused ", number);
        (void)fflush(stdout);
    }
    return 0;
}

/* The number that the key's reply has; 0 when there is none or it is not what was put. */
static unsigned long read_number(struct pm_store *store, unsigned long key_number)
{
    struct pm_store_key key = key_of(key_number);
    struct pm_store_reply reply;
    struct pm_arena arena;
    char room[BODY_MOST], found[BODY_MOST];
    unsigned long number = 0;
    pm_arena_init(&arena, (size_t)1 << 20);
    if (pm_store_get(store, &key, &arena, &reply) && reply.body_bytes <= sizeof found &&
        pm_zstd_unpack(reply.packed, found, reply.body_bytes)) {
        number = strtoul(found, NULL, 10);
        pm_str body = body_of(number, room);
        if (!pm_str_equal(body, (pm_str){found, reply.body_bytes})) {
            number = 0;
        }
    }
    pm_arena_finish(&arena);
    return number;
}

static int check_replies(struct pm_store *store)
{
    unsigned long key, number, lost = 0, checked = 0;
    while (scanf("%lu %lu", &key, &number) == 2) {
        unsigned long found = read_number(store, key);
        checked++;
        if (found < number || found % KEYS != key) {
            printf("key %lu: put %lu, found %lu\n", key, number, found);
            lost++;
        }
    }
    printf("%lu checked, %lu lost\n", checked, lost);
    return lost != 0;
}

int main(int argc, char **argv)
{
    bool is_writing = argc == 5 && strcmp(argv[1], "write") == 0;
    if (!is_writing && !(argc == 3 && strcmp(argv[1], "check") == 0)) {
        (void)fputs("usage: use_store write PATH FIRST COUNT | check PATH\n", stderr);
        return 2;
    }
    struct pm_store *store = pm_store_open(pm_str_from(argv[2]), &pm_store_usual_limits, now_ms());
    if (!store) {
        return 1;
    }
    int status = is_writing
                     ? write_replies(store, strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10))
                     : check_replies(store);
    (void)fprintf(stderr, "%s", pm_store_problem(store));
    pm_store_close(store);
    return status;
}
