/* data.h - files under tests/data for unit tests.
 *
 * PSYCHE_TEST_DATA names the folder; without it, it is tests/data of the working directory. */
#ifndef PM_TESTS_DATA_H
#define PM_TESTS_DATA_H

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

/* The file's bytes; a test without its data cannot go on. */
static pm_str read_data(struct pm_arena *arena, const char *name)
{
    const char *folder = getenv("PSYCHE_TEST_DATA");
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder ? folder : "tests/data", name);
    FILE *file = fopen(path, "rb");
    size_t room = (size_t)1 << 20;
    char *bytes = pm_arena_alloc(arena, room);
    if (!file || !bytes) {
        printf("FAIL cannot read %s\n0 passed, 1 failed\n", path);
        exit(1);
    }
    size_t len = fread(bytes, 1, room, file);
    (void)fclose(file);
    return (pm_str){bytes, len};
}

#endif
