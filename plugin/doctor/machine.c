/* machine.c - the checks that need no network: this build, its libraries, its files, the clock. */

#include "doctor/machine.h"

#include "base/date.h"
#include "chain/layout.h"
#include "chain/pda.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "codec/yaml.h"
#include "codec/zstd.h"
#include "net/net.h"
#include "store/store.h"

#include <assert.h>

#define BUILD_AGAIN "build and install again from one set of sources (make)"

static void check_build(const struct pm_machine *machine, struct pm_finding *finding)
{
    const struct pm_doctor_host *host = machine->host;
    (void)pm_finding_set(finding, PM_FINDING_OK, "%s, ABI %d, build %s", host->version, host->abi,
                         host->build);
}

/* --- libraries --- */

struct library {
    const char *name;
    const char *(*version)(void);
    const char *least; /* of the oldest system that this is tested on */
};

static const char *yyjson_version_text(void)
{
    return YYJSON_VERSION_STRING;
}

static const struct library libraries[] = {
    {"libcurl", pm_net_library_version, "7.81"},     {"libyaml", pm_yaml_library_version, "0.2.2"},
    {"yyjson", yyjson_version_text, "0.8"},          {"libcmark", pm_guide_library_version, "0.30"},
    {"libsodium", pm_pda_library_version, "1.0.18"}, {"libzstd", pm_zstd_library_version, "1.4.8"},
    {"sqlite", pm_store_library_version, "3.37"},
};

/* The number at the front, which is taken away together with the dot behind it. */
static uint64_t take_number(pm_str *version)
{
    uint64_t number = 0;
    size_t at = 0;
    while (at < version->len && version->ptr[at] >= '0' && version->ptr[at] <= '9' && at < 9) {
        number = number * 10 + (uint64_t)(version->ptr[at++] - '0');
    }
    *version = pm_str_tail(*version, at + 1);
    return number;
}

static bool is_older(const char *version, const char *least)
{
    pm_str a = pm_str_from(version), b = pm_str_from(least);
    while (b.len) {
        uint64_t of_a = take_number(&a), of_b = take_number(&b);
        if (of_a != of_b) {
            return of_a < of_b;
        }
    }
    return false;
}

static void check_libraries(const struct pm_machine *machine, struct pm_finding *finding)
{
    struct pm_buf shown;
    pm_buf_init(&shown, machine->call->arena, 400);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        const char *version = libraries[i].version();
        if (is_older(version, libraries[i].least)) {
            (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%s is %s; %s or newer is needed",
                                 libraries[i].name, version, libraries[i].least);
            return;
        }
        pm_buf_addf(&shown, "%s%s %s", i ? ", " : "", libraries[i].name, version);
    }
    (void)pm_finding_set(finding, PM_FINDING_OK, "%.*s", PM_STR_ARG(pm_buf_text(&shown)));
}

/* --- decoders --- */

/* The pool of psyche.network: base58, SHA-256 and the curve in one. */
static bool is_address_right(void)
{
    static const pm_str program = PM_STR_INIT("CQy5JKR2Lrm16pqSY5nkMaMYSazRk2aYx99pJDNGupR7"),
                        wanted = PM_STR_INIT("2H2aYtHx95xq6i9hfdr61GFPM3n8x3R5WBs6Mc44JN5y");
    struct pm_key key = {{0}}, pool = {{0}}, known = {{0}};
    bool is_right = pm_key_read(program, &key) == PM_KEY_OK;
    is_right &= pm_key_read(wanted, &known) == PM_KEY_OK;
    is_right &= pm_pda_pool(&key, 0, &pool);
    return is_right & pm_key_equal(&pool, &known);
}

/* "account " sixteen times, as a node would pack it. */
static bool is_unpacking_right(struct pm_arena *arena)
{
    static const pm_str packed = PM_STR_INIT("KLUv/SCAfQAAQGFjY291bnQgAQB1aeEC");
    pm_str frame, bytes = PM_STR("");
    return pm_base64_decode(arena, packed, packed.len, &frame) &&
           pm_zstd_expand(arena, frame, 128, &bytes) == PM_ZSTD_OK && bytes.len == 128 &&
           pm_str_starts(pm_str_tail(bytes, 120), PM_STR("account "));
}

static bool is_layout_right(void)
{
    const struct pm_layout *newest = pm_layout_newest(PM_ACCOUNT_COORDINATOR);
    return pm_layout_find(PM_ACCOUNT_COORDINATOR, 119160) == newest;
}

static void check_decoders(const struct pm_machine *machine, struct pm_finding *finding)
{
    const char *wrong = !is_address_right()                         ? "base58, or derived addresses"
                        : !is_unpacking_right(machine->call->arena) ? "base64, or zstd"
                        : !is_layout_right()                        ? "the table of layouts"
                                                                    : NULL;
    if (wrong) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "a known value came out wrong: %s",
                             wrong);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "known values come out right");
    }
}

/* --- configuration, references, clock --- */

static void check_configuration(const struct pm_machine *machine, struct pm_finding *finding)
{
    const struct pm_doctor_host *host = machine->host;
    if (host->config_file.len) {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%.*s; %zu settings are set",
                             PM_STR_ARG(host->config_file), host->settings_set);
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK,
                             "no file, none is needed; %zu settings are set", host->settings_set);
    }
}

/* The oldest and the newest day of the references; what is wrong with the first bad one. */
struct references {
    size_t count, built_in;
    pm_str oldest, newest, problem;
};

static struct references read_references(struct pm_guide *guide)
{
    struct references read = {0};
    for (const char *const *name = pm_guide_names(guide); *name; name++) {
        const struct pm_document *document = pm_guide_document(guide, pm_str_from(*name));
        assert(document); /* there is one of each name */
        pm_str day = document->as_of;
        read.count++;
        read.built_in += document->is_built_in;
        if (read.problem.len == 0) {
            read.problem = document->problem;
        }
        if (day.len && (read.oldest.len == 0 || pm_str_compare(day, read.oldest) < 0)) {
            read.oldest = day;
        }
        if (day.len && pm_str_compare(day, read.newest) > 0) {
            read.newest = day;
        }
    }
    return read;
}

static void check_references(const struct pm_machine *machine, struct pm_finding *finding)
{
    struct pm_guide *guide = machine->call->guide;
    struct references read = read_references(guide);
    pm_str folder = pm_guide_folder(guide);
    if (read.count == 0) {
        (void)pm_finding_set(finding, PM_FINDING_UNKNOWN, "none could be read");
    } else if (read.problem.len) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%.*s; built-in copies are used",
                             PM_STR_ARG(read.problem));
    } else if (read.built_in == read.count) {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%zu of %.*s to %.*s, built in", read.count,
                             PM_STR_ARG(read.oldest), PM_STR_ARG(read.newest));
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%zu of %.*s to %.*s, %s: %.*s", read.count,
                             PM_STR_ARG(read.oldest), PM_STR_ARG(read.newest),
                             machine->host->references_found_by, PM_STR_ARG(folder));
    }
}

static void check_clock(const struct pm_machine *machine, struct pm_finding *finding)
{
    struct references read = read_references(machine->call->guide);
    struct pm_buf now, noon;
    int64_t newest_ms = 0;
    pm_buf_init(&now, machine->call->arena, 32);
    pm_buf_init(&noon, machine->call->arena, 32);
    pm_buf_addf(&noon, "%.*sT00:00:00Z", PM_STR_ARG(read.newest));
    if (!pm_date_add_rfc3339(&now, machine->call->now_ms)) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "its year has not four digits");
        return;
    }
    bool has_day = pm_date_read_rfc3339(pm_buf_text(&noon), &newest_ms);
    if (has_day && machine->call->now_ms < newest_ms) {
        (void)pm_finding_set(finding, PM_FINDING_DIFFERS, "%.*s; a reference is already of %.*s",
                             PM_STR_ARG(pm_buf_text(&now)), PM_STR_ARG(read.newest));
    } else {
        (void)pm_finding_set(finding, PM_FINDING_OK, "%.*s", PM_STR_ARG(pm_buf_text(&now)));
    }
}

static const struct pm_machine_check checks[] = {
    {"build", BUILD_AGAIN, check_build},
    {"libraries", "install a newer one from the system's packages, then build again",
     check_libraries},
    {"decoders", BUILD_AGAIN, check_decoders},
    {"configuration", "psyche-monitor info shows each setting and where it came from",
     check_configuration},
    {"references", "install again, or set references to a whole folder of them", check_references},
    {"clock", "set the clock of this machine: ages and estimates follow it", check_clock},
    {0},
};

const struct pm_machine_check *pm_machine_checks(void)
{
    return checks;
}
