/* bench_pda - how long it takes to derive the address of a run's instance from its id, the search
 * for a bump included. One line: the median over many ids and the limit we hold ourselves to. */

#include "chain/pda.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define COUNT 5001
#define LIMIT_US 60.0

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

int main(void)
{
    static double took_us[COUNT];
    struct pm_key program, address;
    const pm_str text = PM_STR("4SHugWqSXwKE5fqDchkJcPEqnoZE22VYKtSTVm7axbT7");
    if (pm_key_read(text, &program) != PM_KEY_OK) {
        return 1;
    }
    for (unsigned i = 0; i < COUNT; i++) {
        char run_id[PM_PDA_SEED_BYTES_MOST];
        (void)snprintf(run_id, sizeof run_id, "bench-run-%u", i);
        double start = now_us();
        if (!pm_pda_instance(&program, pm_str_from(run_id), &address)) {
            return 1;
        }
        took_us[i] = now_us() - start;
    }
    qsort(took_us, COUNT, sizeof *took_us, by_size);
    double median = took_us[COUNT / 2];
    (void)printf("%-44s %9.2f us  limit %7.1f%s\n", "PDA of a run id, median", median, LIMIT_US,
                 median > LIMIT_US ? "  over" : "");
    return 0;
}
