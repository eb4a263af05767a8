/* test_error.c - base/error. */

#include "base/error.h"

#include "check.h"

#include <string.h>

/* Who calls knows less of it than who was called. */
static void test_first_counts(void)
{
    struct pm_error error = {0};
    CHECK(!pm_fail(&error, PM_E_BAD_REQUEST, "limit: %d is none", 7), "a failure is false");
    CHECK(!pm_fail(&error, PM_E_INTERNAL, "the request was not read"), "so is a second one");
    CHECK(error.is_set && error.code == PM_E_BAD_REQUEST, "the first one stays");
    CHECK_TEXT(pm_str_from(error.text), PM_STR("limit: 7 is none"), "and its words");
}

static void test_long_text(void)
{
    struct pm_error error = {0};
    CHECK(!pm_fail(&error, PM_E_BAD_CONFIG, "%0500d", 0), "a failure is false");
    CHECK(strlen(error.text) == sizeof error.text - 1, "what is too long is cut: %zu",
          strlen(error.text));
}

int main(void)
{
    test_first_counts();
    test_long_text();
    return check_done();
}
