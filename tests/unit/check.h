/* check.h - all the test framework there is.
 *
 * CHECK(condition, "what, with %s") counts and reports; check_done() prints the closing line
 * that the runner adds up and gives the exit status. */
#ifndef PM_TESTS_CHECK_H
#define PM_TESTS_CHECK_H

#include "base/str.h"

#include <stdio.h>

static unsigned check_passed, check_failed;

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (condition) {                                                                           \
            check_passed++;                                                                        \
        } else {                                                                                   \
            check_failed++;                                                                        \
            printf("FAIL %s:%d: %s: ", __FILE__, __LINE__, #condition);                            \
            printf(__VA_ARGS__);                                                                   \
            printf("\n");                                                                          \
        }                                                                                          \
    } while (0)

/* got and want are pm_str; the message shows both. */
#define CHECK_TEXT(got, want, what)                                                                \
    CHECK(pm_str_equal((got), (want)), "%s: got \"%.*s\", want \"%.*s\"", (what), PM_STR_ARG(got), \
          PM_STR_ARG(want))

static int check_done(void)
{
    printf("%u passed, %u failed\n", check_passed, check_failed);
    return check_failed != 0;
}

#endif
