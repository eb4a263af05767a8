/* bench_coordinator - what a coordinator account costs: read whole with every slot in use, read as
 * head and tail for a list, and the planned tokens of the widest ramp. One line a case: the median
 * and the limit we hold ourselves to. The working directory is the root of the tree. */

#include "chain/coordinator_derive.h"
#include "codec/zstd.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define COUNT 1001
#define FULL "tests/data/chain/coord/coord_05.bin.zst"
#define MOST ((size_t)1 << 20)

static struct pm_account account;
static struct pm_coordinator run;
static struct pm_account_problem problem;

static double now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static bool read_whole(struct pm_arena *arena)
{
    return pm_coordinator_read(arena, &account, &account.owner, &run, &problem) == PM_ACCOUNT_OK;
}

static bool read_slices(struct pm_arena *arena)
{
    struct pm_account head = account, tail = account;
    head.data = pm_str_slice(account.data, 0, PM_COORDINATOR_HEAD_BYTES);
    tail.slice_offset = PM_COORDINATOR_TAIL_OFFSET;
    tail.data = pm_str_tail(account.data, PM_COORDINATOR_TAIL_OFFSET);
    return pm_coordinator_read_head(&head, &head.owner, &run.head, &problem) == PM_ACCOUNT_OK &&
           pm_coordinator_read_tail(arena, &tail, &tail.owner, &run.tail, &problem) ==
               PM_ACCOUNT_OK;
}

static bool plan(struct pm_arena *arena)
{
    struct pm_coordinator_head head = {.model = {.max_seq_len = 1}};
    (void)arena;
    head.config.batch_size_start = 1;
    head.config.batch_size_end = UINT16_MAX;
    head.config.batch_size_warmup_tokens = UINT64_C(1) << 40;
    head.config.total_steps = UINT32_MAX;
    return pm_coordinator_plan(&head).tokens.is_known;
}

static void measure(const char *name, bool (*once)(struct pm_arena *arena), size_t count,
                    double limit_us)
{
    static double took_us[COUNT];
    for (size_t i = 0; i < count; i++) {
        struct pm_arena arena;
        double start = now_us();
        pm_arena_init(&arena, MOST);
        if (!once(&arena)) {
            printf("%s: %s\n", name, problem.text);
            exit(1);
        }
        pm_arena_finish(&arena);
        took_us[i] = now_us() - start;
    }
    qsort(took_us, count, sizeof *took_us, by_size);
    double median = took_us[count / 2];
    (void)printf("%-44s %9.2f us  limit %7.1f%s\n", name, median, limit_us,
                 median > limit_us ? "  over" : "");
}

int main(void)
{
    static char packed[MOST];
    struct pm_arena arena;
    pm_arena_init(&arena, 4 * MOST);
    FILE *file = fopen(FULL, "rb");
    size_t len = file ? fread(packed, 1, sizeof packed, file) : 0;
    if (file) {
        (void)fclose(file);
    }
    if (pm_zstd_expand(&arena, (pm_str){packed, len}, MOST, &account.data) != PM_ZSTD_OK) {
        printf("bench_coordinator: no %s\n", FULL);
        return 1;
    }
    account.is_there = true;
    account.space = account.data.len;
    measure("a full coordinator account", read_whole, COUNT, 50);
    measure("its head and its tail", read_slices, COUNT, 50);
    measure("planned tokens, widest ramp", plan, 21, 20000);
    pm_arena_finish(&arena);
    return 0;
}
