/* doctor.c - every check, and the answer they make. */

#include "doctor/doctor.h"

#include "action/candidates.h"
#include "action/pool.h"
#include "doctor/machine.h"
#include "source/assumed.h"

#define ORIGINS_MOST (PM_BATCH_MOST + 1)
#define REPORT "please report this line: answers may be wrong until a newer version"
#define ASK_AGAIN "ask again later; sources says what became of each request"

struct report {
    struct pm_call *call;
    struct pm_answer *answer;
    struct pm_table *table;
    size_t counts[PM_FINDING_COUNT], rows;
};

/* --- rows --- */

static const char *mend_of(enum pm_finding_kind kind, const char *mend)
{
    return kind == PM_FINDING_DIFFERS ? mend : kind == PM_FINDING_UNKNOWN ? ASK_AGAIN : NULL;
}

static void cell_own_or_null(struct pm_table *table, const char *own)
{
    if (own) {
        pm_cell_own(table, own);
    } else {
        pm_cell_null(table);
    }
}

static void write_row(struct report *report, const char *name, enum pm_source source,
                      const struct pm_finding *finding, const char *mend, const char *assumed)
{
    struct pm_table *table = report->table;
    pm_cell_own(table, name);
    pm_cell_own(table, pm_finding_word(finding->kind));
    pm_cell_own(table, pm_source_label(source));
    pm_cell_text(table, pm_clean(report->call->arena, PM_TEXT_OTHER, pm_str_from(finding->detail)));
    cell_own_or_null(table, mend_of(finding->kind, mend));
    cell_own_or_null(table, assumed);
    pm_row_end(table, NULL);
    report->counts[finding->kind]++;
    report->rows++;
}

static void write_machine(struct report *report, const struct pm_doctor_host *host)
{
    struct pm_machine machine = {report->call, host};
    for (const struct pm_machine_check *row = pm_machine_checks(); row->name; row++) {
        struct pm_finding finding = {0};
        row->check(&machine, &finding);
        write_row(report, row->name, PM_SOURCE_LOCAL, &finding, row->mend, NULL);
    }
}

static const char *assumption_text(struct pm_arena *arena, const struct pm_assumption *row)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, 300);
    pm_buf_addf(&buf, "%s (%s)", row->assumed, row->from);
    return pm_arena_cstr(arena, pm_buf_text(&buf));
}

static void write_assumptions(struct report *report, const struct pm_assumed *assumed)
{
    for (const struct pm_assumption *row = pm_assumptions(); row->name; row++) {
        struct pm_finding finding = {0};
        row->check(assumed, &finding);
        write_row(report, row->name, row->source, &finding, row->mend ? row->mend : REPORT,
                  assumption_text(report->call->arena, row));
    }
}

/* --- around them --- */

static void open_table(struct report *report)
{
    static const char *const columns[] = {"check", "result",  "source", "detail",
                                          "mend",  "assumed", NULL};
    static const struct pm_table_spec spec = {.columns = columns};
    const struct pm_batch *batch = &report->call->batch;
    const struct pm_origin *origins[ORIGINS_MOST] = {pm_origin_of_machine(report->call->arena)};
    size_t count = 1;
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->asks[i]->facts) {
            origins[count++] = pm_origin_of(batch, batch->asks[i]);
        }
    }
    report->table = pm_table_open(report->answer, "checks", &spec, origins, count);
}

static void say_count(struct pm_say *say, const struct report *report, enum pm_finding_kind kind,
                      const char *one, const char *many)
{
    size_t count = report->counts[kind];
    if (count) {
        pm_say_own(say, ", ");
        pm_say_count(say, count);
        pm_say_own(say, count == 1 ? one : many);
    }
}

static void write_summary(const struct report *report, bool is_live)
{
    struct pm_say say;
    pm_say_init(&say, report->call->arena);
    pm_say_own(&say, is_live ? "This machine [local], and what is assumed of the dashboard "
                               "[tracked], the chain [on-chain], the model hub and the storage "
                               "[best-effort]: "
                             : "This machine [local]: ");
    pm_say_counted(&say, report->rows, "check", "checks");
    pm_say_own(&say, ", ");
    pm_say_count(&say, report->counts[PM_FINDING_OK]);
    pm_say_own(&say, " ok");
    say_count(&say, report, PM_FINDING_DIFFERS, " differs", " differ");
    say_count(&say, report, PM_FINDING_UNKNOWN, " could not be asked", " could not be asked");
    say_count(&say, report, PM_FINDING_OFF, " switched off", " switched off");
    pm_say_own(&say, ".");
    if (!is_live) {
        pm_say_own(&say, " The network was not asked.");
    } else if (report->counts[PM_FINDING_DIFFERS]) {
        pm_say_own(&say, " Please report the lines that differ.");
    }
    pm_answer_summary(report->answer, &say);
}

static enum pm_found found_of(const struct report *report)
{
    return report->counts[PM_FINDING_DIFFERS]   ? PM_FOUND_FALSE
           : report->counts[PM_FINDING_UNKNOWN] ? PM_FOUND_UNKNOWN
                                                : PM_FOUND_TRUE;
}

/* The references are a source that is always asked. */
static void write_guide_source(struct report *report)
{
    struct pm_guide *guide = report->call->guide;
    const struct pm_document *document = pm_guide_document(guide, PM_STR("links"));
    pm_answer_guide_source(report->answer, pm_origin_of_guide(report->call->arena, document));
}

void pm_doctor_run(struct pm_call *call, struct pm_answer *answer,
                   const struct pm_doctor_host *host, bool is_live)
{
    struct report report = {.call = call, .answer = answer};
    struct pm_assumed assumed;
    if (is_live) {
        pm_assumed_ask(&assumed, &call->batch, pm_pool_usual_mint(), PM_STR(PM_FOUNDATION));
        while (pm_batch_wait(&call->batch)) {
            pm_assumed_go_on(&assumed);
        }
    }
    open_table(&report);
    write_machine(&report, host);
    if (is_live) {
        write_assumptions(&report, &assumed);
    }
    write_summary(&report, is_live);
    pm_answer_found(answer, found_of(&report));
    if (!is_live) {
        pm_answer_note_own(answer,
                           "psyche-monitor doctor --live checks what is assumed of the network");
    }
    pm_answer_sources(answer, &call->batch);
    write_guide_source(&report);
}
