/* fuzz_document.c - references: front matter and sections, and Markdown as plain text. */

#include "fuzz.h"

#include "skill/document.h"
#include "skill/plain.h"

static void look_text(struct fuzz_digest *digest, pm_str text)
{
    HOLDS(text.ptr || text.len == 0);
    HOLDS(fuzz_is_utf8(text));
    HOLDS(pm_str_find(text, '\0') == text.len);
    fuzz_add_text(digest, text);
}

static void look_sections(struct fuzz_digest *digest, const struct pm_section *sections,
                          size_t count)
{
    HOLDS(sections || count == 0);
    for (size_t i = 0; i < count; i++) {
        HOLDS(sections[i].level <= 6 && (sections[i].level > 0 || i == 0));
        HOLDS(sections[i].level > 0 || sections[i].heading.len == 0);
        HOLDS(sections[i].meaning.len <= sections[i].text.len);
        look_text(digest, sections[i].heading);
        look_text(digest, sections[i].meaning);
        look_text(digest, sections[i].text);
    }
}

/* The digest of a document; 0 when it is refused. */
static uint64_t read_document(pm_str text, size_t ceiling)
{
    struct pm_arena arena;
    struct fuzz_digest digest = {1};
    struct pm_document document = {0};
    pm_arena_init(&arena, ceiling);
    bool is_read = pm_document_read(&arena, text, &document);
    /* With little memory there may be none for the problem either. */
    HOLDS(is_read ? document.problem.len == 0 : document.problem.len > 0 || arena.failed);
    if (is_read) {
        look_text(&digest, document.title);
        look_text(&digest, document.summary);
        look_text(&digest, document.as_of);
        for (size_t i = 0; i < document.topic_count; i++) {
            look_text(&digest, document.topics[i]);
        }
        for (size_t i = 0; i < document.source_count; i++) {
            look_text(&digest, document.sources[i]);
        }
        look_sections(&digest, document.sections, document.section_count);
        for (size_t i = 0; i < document.section_count; i++) {
            pm_str heading = document.sections[i].heading;
            HOLDS(heading.len == 0 || pm_document_section(&document, heading));
        }
    } else {
        HOLDS(document.section_count == 0 &&
              pm_str_find(document.problem, '\n') == document.problem.len);
    }
    pm_arena_finish(&arena);
    return is_read ? digest.sum : 0;
}

static void check_plain(pm_str text)
{
    struct pm_arena arena;
    struct fuzz_digest digest = {1};
    const struct pm_section *sections = NULL;
    size_t count = 0;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    if (pm_plain_read(&arena, text, &sections, &count)) {
        look_sections(&digest, sections, count);
    }
    pm_arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    uint64_t sum = read_document(text, FUZZ_ARENA_BYTES);
    for (size_t ceiling = 64; ceiling <= 65536; ceiling *= 8) {
        uint64_t tight = read_document(text, ceiling);
        HOLDS(tight == sum || tight == 0);
    }
    if (fuzz_is_utf8(text) && pm_str_find(text, '\0') == size) {
        check_plain(text);
    }
    return 0;
}
