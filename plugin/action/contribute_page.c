/* contribute_page.c - one section of the references, or the headings that are most like a word. */

#include "action/contribute.h"

/* --- the words that can be asked for --- */

static const struct pm_clean *join_topics(struct pm_arena *arena,
                                          const struct pm_document *document)
{
    struct pm_buf buf;
    pm_buf_init(&buf, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < document->topic_count; i++) {
        pm_buf_add_c(&buf, i ? ", " : "");
        pm_buf_add(&buf, document->topics[i]);
    }
    return pm_clean(arena, PM_TEXT_DESCRIPTION, pm_buf_text(&buf));
}

struct topics {
    struct pm_call *call;
    struct pm_table *table;
};

static bool write_topic_row(const struct pm_document *document, void *context)
{
    struct topics *topics = context;
    struct pm_arena *arena = topics->call->arena;
    if (document->section_count) {
        pm_cell_text(topics->table, pm_clean(arena, PM_TEXT_NAME, document->name));
        pm_cell_text(topics->table, join_topics(arena, document));
        pm_row_end(topics->table, NULL);
    }
    return false;
}

struct origins {
    struct pm_arena *arena;
    const struct pm_origin *oldest;
};

static bool find_oldest(const struct pm_document *document, void *context)
{
    struct origins *origins = context;
    const struct pm_origin *origin = pm_origin_of_guide(origins->arena, document);
    bool is_older =
        origin && (!origins->oldest ||
                   pm_str_compare(pm_origin_as_of(origin), pm_origin_as_of(origins->oldest)) < 0);
    if (is_older) {
        origins->oldest = origin;
    }
    return false;
}

void pm_contribute_write_topics(struct pm_call *call, struct pm_answer *answer)
{
    static const char *const columns[] = {"document", "topics", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 1};
    struct origins origins = {.arena = call->arena};
    (void)pm_heading_visit(call->guide, find_oldest, &origins);
    struct topics topics = {
        .call = call,
        .table = pm_table_open(answer, "topics", &spec, &origins.oldest, 1),
    };
    (void)pm_heading_visit(call->guide, write_topic_row, &topics);
}

/* --- a section --- */

static void write_sources(struct pm_call *call, struct pm_group *group,
                          const struct pm_document *document)
{
    static const char *const columns[] = {"source", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 0};
    if (document->source_count) {
        struct pm_table *table = pm_table_sub(group, "written_from", &spec);
        for (size_t i = 0; i < document->source_count; i++) {
            pm_cell_text(table, pm_clean(call->arena, PM_TEXT_OTHER, document->sources[i]));
            pm_row_end(table, NULL);
        }
    }
}

/* The headings inside this one, which has only the text before the first of them. */
static void write_below(struct pm_call *call, struct pm_group *group,
                        const struct pm_heading *heading)
{
    static const char *const columns[] = {"heading", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 1};
    const struct pm_section *end = heading->document->sections + heading->document->section_count;
    struct pm_table *table = NULL;
    for (const struct pm_section *each = heading->section + 1;
         each < end && each->level > heading->section->level; each++) {
        table = table ? table : pm_table_sub(group, "below", &spec);
        pm_cell_text(table, pm_clean(call->arena, PM_TEXT_OTHER, each->heading));
        pm_row_end(table, NULL);
    }
}

static void write_section(struct pm_call *call, struct pm_answer *answer,
                          const struct pm_heading *heading)
{
    const struct pm_document *document = heading->document;
    const struct pm_section *section = heading->section;
    struct pm_group *group = pm_quote_open(call, answer, document);
    pm_put_text(group, "document", pm_clean(call->arena, PM_TEXT_NAME, document->name));
    pm_put_text(group, "heading", pm_clean(call->arena, PM_TEXT_OTHER, section->heading));
    pm_put_text(group, "text", pm_clean(call->arena, PM_TEXT_PASSAGE, section->text));
    write_below(call, group, heading);
    write_sources(call, group, document);
}

static void say_section(struct pm_call *call, struct pm_answer *answer,
                        const struct pm_heading *heading)
{
    const struct pm_section *section = heading->section;
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_GUIDE, section->heading));
    pm_say_own(&say, section->meaning.len == 0 ? " is a heading of the references."
                     : pm_str_ends_nocase(section->heading, PM_STR("?")) ? " "
                                                                         : ": ");
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_GUIDE, section->meaning));
    pm_say_own(&say, " (references, ");
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_GUIDE, heading->document->name));
    pm_say_own(&say, ", as of ");
    pm_say_text(&say, pm_clean(call->arena, PM_TEXT_GUIDE, heading->document->as_of));
    pm_say_own(&say, ") [guide].");
    pm_answer_summary(answer, &say);
}

/* --- no such word --- */

static void write_near(struct pm_call *call, struct pm_answer *answer,
                       const struct pm_heading *near, size_t count)
{
    static const char *const columns[] = {"page", "document", NULL};
    static const struct pm_table_spec spec = {.columns = columns, .rank = 2};
    const struct pm_origin *origins[PM_HEADING_NEAR_MOST];
    for (size_t i = 0; i < count; i++) {
        origins[i] = pm_origin_of_guide(call->arena, near[i].document);
    }
    struct pm_table *table =
        count ? pm_table_open(answer, "candidates", &spec, origins, count) : NULL;
    for (size_t i = 0; i < count; i++) {
        pm_cell_text(table, pm_clean(call->arena, PM_TEXT_OTHER, near[i].section->heading));
        pm_cell_text(table, pm_clean(call->arena, PM_TEXT_NAME, near[i].document->name));
        pm_row_end(table, NULL);
    }
}

static void suggest(struct pm_call *call, struct pm_answer *answer, pm_str page, const char *why)
{
    struct pm_arguments arguments = {0};
    pm_arguments_own(&arguments, call->arena, "action", "contribute");
    if (page.len) {
        pm_arguments_text(&arguments, "page", pm_clean(call->arena, PM_TEXT_OTHER, page));
    }
    pm_answer_next(answer, "psyche_monitor", &arguments, why);
}

static void write_unknown(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_heading near[PM_HEADING_NEAR_MOST];
    size_t count = pm_heading_near(call->guide, call->request->page, near);
    struct pm_say say;
    pm_say_init(&say, call->arena);
    pm_say_own(&say, "The references have no heading, document or topic of that name [guide].");
    for (size_t i = 0; i < count; i++) {
        pm_say_own(&say, i           ? ", "
                         : count > 1 ? " The most similar headings: "
                                     : " The most similar heading: ");
        pm_say_text(&say, pm_clean(call->arena, PM_TEXT_GUIDE, near[i].section->heading));
    }
    pm_say_own(&say, count ? "." : " Ask with one of the words in topics.");
    pm_answer_summary(answer, &say);
    write_near(call, answer, near, count);
    if (count) {
        suggest(call, answer, near[0].section->heading, "the most similar heading");
    }
}

void pm_contribute_write_page(struct pm_call *call, struct pm_answer *answer)
{
    struct pm_heading heading = pm_heading_find(call->guide, call->request->page);
    bool is_found = heading.how != PM_HEADING_NONE;
    pm_answer_found(answer, is_found ? PM_FOUND_TRUE : PM_FOUND_FALSE);
    pm_answer_asked(answer, "page",
                    pm_clean(call->arena, PM_TEXT_OTHER,
                             is_found ? heading.section->heading : call->request->page));
    if (is_found) {
        pm_answer_asked(answer, "matched_by",
                        pm_clean_own(call->arena, pm_heading_match_word(heading.how)));
        say_section(call, answer, &heading);
        write_section(call, answer, &heading);
    } else {
        write_unknown(call, answer);
    }
    pm_contribute_write_topics(call, answer);
    suggest(call, answer, PM_STR(""), "ways to take part, and which runs are open now");
    const struct pm_document *document =
        is_found ? heading.document : pm_heading_first_document(call->guide);
    pm_answer_guide_source(answer, pm_origin_of_guide(call->arena, document));
}
