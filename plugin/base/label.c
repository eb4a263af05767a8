/* label.c - where a fact comes from. */

#include "base/label.h"

static const char *const labels[] = {
#define PM_SOURCE_LABEL(id, label, meaning) label,
    PM_SOURCES(PM_SOURCE_LABEL)
#undef PM_SOURCE_LABEL
};

const char *pm_source_label(enum pm_source source)
{
    return labels[source];
}
