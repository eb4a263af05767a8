/* quote.c - sentences of the references in an answer. */

#include "action/quote.h"

#define QUOTED_MOST ((size_t)128 << 10) /* two documents */

struct pm_group *pm_quote_open(struct pm_call *call, struct pm_answer *answer,
                               const struct pm_document *document)
{
    pm_action_guide_note(call, answer, document);
    return pm_group_open(answer, "guide", pm_origin_of_guide(call->arena, document));
}

static const struct pm_section *section_of(const struct pm_document *document, pm_str heading)
{
    const struct pm_section *section = pm_document_section(document, heading);
    return section && section->meaning.len ? section : NULL;
}

void pm_quote_put(struct pm_call *call, struct pm_group *group, const char *key,
                  const struct pm_document *document, pm_str heading)
{
    const struct pm_section *section = section_of(document, heading);
    if (section) {
        pm_put_text(group, key, pm_clean(call->arena, PM_TEXT_GUIDE, section->meaning));
    }
}

void pm_quote_meaning(struct pm_call *call, struct pm_answer *answer,
                      const struct pm_document *document, const char *key, pm_str heading)
{
    const struct pm_section *section = section_of(document, heading);
    struct pm_buf buf;
    pm_action_guide_note(call, answer, document);
    if (!section) {
        return;
    }
    pm_buf_init(&buf, call->arena, QUOTED_MOST);
    pm_buf_add(&buf, section->heading);
    pm_buf_add_c(&buf, ": ");
    pm_buf_add(&buf, section->meaning);
    struct pm_group *group = pm_quote_open(call, answer, document);
    pm_put_text(group, key, pm_clean(call->arena, PM_TEXT_GUIDE, pm_buf_text(&buf)));
}

void pm_quote_trust(struct pm_call *call, struct pm_answer *answer)
{
    pm_quote_meaning(call, answer, pm_guide_document(call->guide, PM_STR("on-chain")), "trust",
                     PM_STR("Whom to trust"));
}
