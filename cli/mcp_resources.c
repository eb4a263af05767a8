/* mcp_resources.c - the references, and the skill that leads to them, as resources.
 *
 * They are read from the folder that the library itself reads, so that both say the same; a
 * document that is not there comes from the copy that is built in. */

#include "mcp_session.h"

#include "base/buf.h"
#include "codec/utf8.h"
#include "skill/builtin.h"
#include "skill/document.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define REFERENCE_URI "psyche://references/"
#define SKILL_URI "psyche://skill/network-monitor"
#define FILE_BYTES_MOST ((size_t)PM_DOCUMENT_BYTES_MOST + 1)
#define PATH_BYTES_MOST 4096

/* --- where they are --- */

/* Where {"tool":"info"} says; empty when it names none. */
static pm_str references_folder(struct mcp_session *session, struct pm_arena *arena)
{
    static const char ask[] = "{\"tool\":\"info\"}";
    struct pm_json_problem problem;
    size_t len = 0;
    psyche_monitor_reply *reply = psyche_monitor_call(session->monitor, ask, sizeof ask - 1);
    const char *text = psyche_monitor_reply_text(reply, &len);
    yyjson_val *root = pm_json_read_copy(arena, (pm_str){text, len}, &problem);
    psyche_monitor_reply_free(reply);
    pm_str folder = pm_json_text(pm_json_get(pm_json_get(root, "references"), "folder"));
    return folder.ptr ? folder : PM_STR("");
}

/* NULL when memory is out, which all that take a guide bear. */
static struct pm_guide *guide_of(struct mcp_session *session, struct pm_arena *arena)
{
    if (!session->guide) {
        session->guide = pm_guide_open(references_folder(session, arena));
    }
    return session->guide;
}

/* --- files --- */

static size_t read_whole(int file, char *bytes, size_t most)
{
    size_t len = 0;
    while (len < most) {
        ssize_t got = read(file, bytes + len, most - len);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? 0 : len;
        }
        len += (size_t)got;
    }
    return 0; /* more than a document has */
}

static bool is_utf8(pm_str text)
{
    uint32_t code_point = 0;
    for (size_t at = 0; at < text.len;) {
        at += pm_utf8_next(pm_str_tail(text, at), &code_point);
        if (code_point == PM_UTF8_INVALID) {
            return false;
        }
    }
    return true;
}

/* A file of the folder as text; empty when there is none such. */
static pm_str read_text(struct pm_arena *arena, pm_str folder, const char *name, const char *ending)
{
    struct pm_buf path;
    pm_buf_init(&path, arena, PATH_BYTES_MOST);
    pm_buf_add(&path, folder);
    pm_buf_addf(&path, "/%s%s", name, ending);
    char *bytes = pm_arena_alloc(arena, FILE_BYTES_MOST);
    int file = folder.len && bytes ? open(pm_arena_cstr(arena, pm_buf_text(&path)),
                                          O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
                                   : -1;
    if (file < 0) {
        return PM_STR("");
    }
    pm_str text = {bytes, read_whole(file, bytes, FILE_BYTES_MOST)};
    (void)close(file);
    return is_utf8(text) ? text : PM_STR("");
}

static pm_str read_reference(struct pm_arena *arena, struct pm_guide *guide,
                             const struct pm_document *document)
{
    const char *name = pm_arena_cstr(arena, document->name);
    pm_str text =
        document->is_built_in ? PM_STR("") : read_text(arena, pm_guide_folder(guide), name, ".md");
    for (const struct pm_builtin *each = pm_builtins; text.len == 0 && each->name; each++) {
        if (pm_str_equal(pm_str_from(each->name), document->name)) {
            text = (pm_str){(const char *)each->bytes, each->len};
        }
    }
    return text;
}

/* NULL for one that cannot be read and has no copy: each of the others has a date. */
static const struct pm_document *find_document(struct pm_guide *guide, pm_str name)
{
    const struct pm_document *document = pm_guide_document(guide, name);
    return document && document->section_count > 0 ? document : NULL;
}

/* It lies beside the folder, in the tree as where it is installed. */
static pm_str read_skill(struct pm_arena *arena, struct pm_guide *guide)
{
    return read_text(arena, pm_guide_folder(guide), "../SKILL", ".md");
}

/* --- resources/list --- */

static yyjson_mut_val *add_resource(yyjson_mut_doc *doc, yyjson_mut_val *list, pm_str uri,
                                    pm_str name)
{
    yyjson_mut_val *resource = yyjson_mut_arr_add_obj(doc, list);
    mcp_add_text(doc, resource, "uri", uri);
    mcp_add_text(doc, resource, "name", name);
    (void)yyjson_mut_obj_add_str(doc, resource, "mimeType", "text/markdown");
    return resource;
}

static pm_str join(struct pm_arena *arena, const char *first, pm_str second, const char *third)
{
    struct pm_buf text;
    pm_buf_init(&text, arena, PATH_BYTES_MOST);
    pm_buf_add_c(&text, first);
    pm_buf_add(&text, second);
    pm_buf_add_c(&text, third);
    return pm_buf_text(&text);
}

static void add_reference(struct mcp_message *message, yyjson_mut_val *list,
                          const struct pm_document *document)
{
    yyjson_mut_doc *doc = message->doc;
    pm_str uri = join(message->arena, REFERENCE_URI, document->name, "");
    yyjson_mut_val *resource = add_resource(doc, list, uri, document->name);
    mcp_add_text(doc, resource, "title", document->title);
    mcp_add_text(doc, resource, "description", document->summary);
    yyjson_mut_val *notes = yyjson_mut_obj_add_obj(doc, resource, "annotations");
    mcp_add_text(doc, notes, "lastModified",
                 join(message->arena, "", document->as_of, "T00:00:00Z"));
}

yyjson_mut_val *mcp_resources_list(struct mcp_session *session, struct mcp_message *message)
{
    yyjson_mut_doc *doc = message->doc;
    if (!mcp_is_first_page(message)) {
        return NULL;
    }
    struct pm_guide *guide = guide_of(session, message->arena);
    yyjson_mut_val *result = yyjson_mut_obj(doc);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, result, "resources");
    if (read_skill(message->arena, guide).len > 0) {
        yyjson_mut_val *skill =
            add_resource(doc, list, PM_STR(SKILL_URI), PM_STR("network-monitor"));
        (void)yyjson_mut_obj_add_str(doc, skill, "title", "Skill");
        (void)yyjson_mut_obj_add_str(doc, skill, "description",
                                     "Which call answers which question, and how to say it.");
    }
    for (const char *const *name = pm_guide_names(guide); *name; name++) {
        const struct pm_document *document = find_document(guide, pm_str_from(*name));
        if (document) {
            add_reference(message, list, document);
        }
    }
    return result;
}

yyjson_mut_val *mcp_resource_templates_list(struct mcp_session *session,
                                            struct mcp_message *message)
{
    (void)session;
    if (!mcp_is_first_page(message)) {
        return NULL;
    }
    yyjson_mut_val *result = yyjson_mut_obj(message->doc);
    (void)yyjson_mut_obj_add_arr(message->doc, result, "resourceTemplates");
    return result;
}

/* --- resources/read --- */

static pm_str find_text(struct pm_arena *arena, struct pm_guide *guide, pm_str uri)
{
    if (pm_str_equal(uri, PM_STR(SKILL_URI))) {
        return read_skill(arena, guide);
    }
    if (!pm_str_starts(uri, PM_STR(REFERENCE_URI))) {
        return PM_STR("");
    }
    pm_str name = pm_str_tail(uri, sizeof REFERENCE_URI - 1);
    const struct pm_document *document = find_document(guide, name);
    return document ? read_reference(arena, guide, document) : PM_STR("");
}

yyjson_mut_val *mcp_resources_read(struct mcp_session *session, struct mcp_message *message)
{
    yyjson_mut_doc *doc = message->doc;
    pm_str uri = pm_json_text(pm_json_get(message->params, "uri"));
    if (!uri.ptr) {
        return mcp_refuse(message, MCP_INVALID_PARAMS, "uri: a string");
    }
    pm_str text = find_text(message->arena, guide_of(session, message->arena), uri);
    if (text.len == 0) {
        return mcp_refuse(message, MCP_NO_RESOURCE, "there is no resource \"%s\"",
                          mcp_show(uri).text);
    }
    yyjson_mut_val *result = yyjson_mut_obj(doc);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, result, "contents");
    yyjson_mut_val *content = yyjson_mut_arr_add_obj(doc, list);
    mcp_add_text(doc, content, "uri", uri);
    (void)yyjson_mut_obj_add_str(doc, content, "mimeType", "text/markdown");
    mcp_add_text(doc, content, "text", text);
    return result;
}
