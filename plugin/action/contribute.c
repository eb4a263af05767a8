/* contribute.c - how to take part.
 *
 * The references carry this answer, so it comes whatever the network does; which runs are open and
 * whether the pool has room are its company. With a page it is one section of the references. */

#include "action/contribute.h"

#include "action/frame.h"

/* The ways to take part: member of the answer, heading of the reference. */
static const struct way {
    const char *key, *heading;
} WAYS[] = {
    {"compute", "Compute"}, {"pool", "Pool"},           {"code", "Code"},
    {"atropos", "Atropos"}, {"community", "Community"}, {"gpu", "Which GPU do I need?"},
};

/* Each heading of the reference and what it is about. */
static void write_sections(struct pm_call *call, struct pm_group *group,
                           const struct pm_document *document)
{
    static const char *const columns[] = {"page", "meaning", NULL};
    static const struct pm_table_spec spec = {.columns = columns};
    struct pm_table *table = pm_table_sub(group, "sections", &spec);
    for (size_t i = 0; i < document->section_count; i++) {
        const struct pm_section *section = &document->sections[i];
        if (section->heading.len) {
            pm_cell_text(table, pm_clean(call->arena, PM_TEXT_OTHER, section->heading));
            pm_cell_text(table, pm_clean(call->arena, PM_TEXT_GUIDE, section->meaning));
            pm_row_end(table, NULL);
        }
    }
}

static void write_ways(struct pm_call *call, struct pm_answer *answer,
                       const struct pm_document *document)
{
    struct pm_group *group = pm_quote_open(call, answer, document);
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        pm_quote_put(call, group, WAYS[i].key, document, pm_str_from(WAYS[i].heading));
    }
    if (document && call->request->is_full) {
        write_sections(call, group, document);
    }
}

static void write_summary(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_open *open, const struct pm_document *document)
{
    struct pm_say say;
    pm_say_init(&say, call->arena);
    if (document && document->section_count) {
        pm_say_own(&say, "One can take part with compute, through the pool, with code, through "
                         "Atropos and in the community; no official list of GPUs exists [guide].");
    } else {
        pm_say_own(&say, "How to take part is not known: the references could not be read.");
    }
    pm_open_say(call, &say, open);
    pm_frame_say_stale(call, &say, open->runs);
    pm_answer_summary(answer, &say);
}

/* `heading` as a page, when the references have it. */
static void suggest_page(struct pm_call *call, struct pm_answer *answer,
                         const struct pm_document *document, const char *heading, const char *why)
{
    struct pm_arguments arguments = {0};
    if (pm_document_section(document, pm_str_from(heading))) {
        pm_arguments_own(&arguments, call->arena, "action", "contribute");
        pm_arguments_own(&arguments, call->arena, "page", heading);
        pm_answer_next(answer, "psyche_monitor", &arguments, why);
    }
}

static void suggest_next(struct pm_call *call, struct pm_answer *answer,
                         const struct pm_document *document)
{
    suggest_page(call, answer, document, "Requirements", "what a machine and a wallet need");
    suggest_page(call, answer, document, "Joining a run", "the steps, with commands");
}

static void write_plain(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const given_up[] = {
        "guide.gpu",     "guide.community", "guide.atropos", "guide.code", "guide.pool",
        "guide.compute", "topics",          "tracked",       "guide",      NULL,
    };
    const struct pm_document *document = pm_heading_first_document(call->guide);
    struct pm_open open = {0};
    pm_open_ask(call, &open);
    pm_answer_found(answer, PM_FOUND_TRUE);
    write_summary(call, answer, &open, document);
    pm_open_write(call, answer, &open);
    write_ways(call, answer, document);
    pm_contribute_write_topics(call, answer);
    pm_open_note(call, answer, &open);
    pm_frame_note_limit(call, answer);
    pm_frame_note_slots(call, answer);
    suggest_next(call, answer, document);
    pm_answer_cut_order(answer, given_up);
    pm_answer_guide_source(answer, pm_origin_of_guide(call->arena, document));
    pm_answer_sources(answer, &call->batch);
}

/* "g.open_now" is a part of this answer, any other word one of the references. */
static bool is_part(pm_str page)
{
    static const char *const parts[] = {"g.open_now", "g.tracked", "g.guide", "g.topics"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (pm_str_starts(page, pm_str_from(parts[i]))) {
            return true;
        }
    }
    return false;
}

bool pm_action_contribute(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const parts[] = {"open_now", "tracked", "guide", "topics", NULL};
    pm_str page = call->request->page;
    if (page.len && !is_part(page)) {
        pm_contribute_write_page(call, answer);
        return true;
    }
    if (!pm_frame_read_part(call, answer, parts)) {
        return false;
    }
    write_plain(call, answer);
    return true;
}
