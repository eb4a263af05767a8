/* test_machine.c - the doctor's checks of this machine where something is wrong with it. */

#include "doctor/machine.h"

#include "check.h"

#include <string.h>

/* As it is called before and after; what has no guide knows no reference. */
static const struct {
    const char *check;
    size_t ceiling; /* of memory */
    int64_t now_ms;
    const char *config_file;
    bool has_guide;
    enum pm_finding_kind want;
    const char *words; /* in the detail */
} rows[] = {
    {"build", 1 << 20, 0, "", false, PM_FINDING_OK, "9.8.7, ABI 5, build of-a-test"},
    {"libraries", 1 << 20, 0, "", false, PM_FINDING_OK, "libcurl "},
    {"decoders", 1 << 20, 0, "", false, PM_FINDING_OK, "known values come out right"},
    {"decoders", 0, 0, "", false, PM_FINDING_DIFFERS,
     "a known value came out wrong: base64, or zstd"},
    {"configuration", 1 << 20, 0, "", false, PM_FINDING_OK,
     "no file, none is needed; 3 settings are set"},
    {"configuration", 1 << 20, 0, "/c.yaml", false, PM_FINDING_OK, "/c.yaml; 3 settings are set"},
    {"references", 1 << 20, 0, "", false, PM_FINDING_UNKNOWN, "none could be read"},
    {"references", 1 << 20, 0, "", true, PM_FINDING_OK, ", built in"},
    {"clock", 1 << 20, INT64_C(1700000100000), "", false, PM_FINDING_OK, "2023-11-14T22:15:00Z"},
    {"clock", 1 << 20, INT64_C(1700000100000), "", true, PM_FINDING_DIFFERS,
     "2023-11-14T22:15:00Z; a reference is already of "},
    {"clock", 1 << 20, INT64_C(4000000000000), "", true, PM_FINDING_OK, "2096-10-02T07:06:40Z"},
    {"clock", 1 << 20, INT64_MAX, "", false, PM_FINDING_DIFFERS, "its year has not four digits"},
    {"clock", 1 << 20, INT64_MIN, "", false, PM_FINDING_DIFFERS, "its year has not four digits"},
};

static const struct pm_machine_check *find(const char *name)
{
    for (const struct pm_machine_check *check = pm_machine_checks(); check->name; check++) {
        if (strcmp(check->name, name) == 0) {
            return check;
        }
    }
    return NULL;
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pm_arena arena;
        struct pm_finding finding = {.detail = ""};
        struct pm_guide *guide = rows[i].has_guide ? pm_guide_open(PM_STR("")) : NULL;
        struct pm_call call = {.arena = &arena, .now_ms = rows[i].now_ms, .guide = guide};
        const struct pm_doctor_host host = {.version = "9.8.7",
                                            .abi = 5,
                                            .build = "of-a-test",
                                            .config_file = pm_str_from(rows[i].config_file),
                                            .settings_set = 3};
        const struct pm_machine machine = {&call, &host};
        const struct pm_machine_check *check = find(rows[i].check);
        pm_arena_init(&arena, rows[i].ceiling);
        CHECK(check && check->mend && *check->mend, "%s: what mends it", rows[i].check);
        if (check) {
            check->check(&machine, &finding);
        }
        CHECK(finding.kind == rows[i].want, "%s: %s: %s", rows[i].check,
              pm_finding_word(finding.kind), finding.detail);
        CHECK(strstr(finding.detail, rows[i].words), "%s: want %s: got %s", rows[i].check,
              rows[i].words, finding.detail);
        pm_arena_finish(&arena);
        pm_guide_close(guide);
    }
    return check_done();
}
