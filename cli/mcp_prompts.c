/* mcp_prompts.c - common questions, each with the call that answers it. */

#include "mcp_session.h"

#include "base/buf.h"

#define ARGUMENTS_MOST 2
#define ARGUMENT_BYTES_MOST 400 /* as long as the library takes a run's id */
#define TEXT_BYTES_MOST 8192

struct argument {
    const char *name, *meaning;
};

/* In a text, $1 and $2 stand for the arguments, written as JSON strings. */
static const struct prompt {
    const char *name, *title, *meaning, *text;
    struct argument arguments[ARGUMENTS_MOST];
} prompts[] = {
    {"runs",
     "Which runs are there?",
     "All training runs, the active ones first",
     "Which Psyche training runs are there? Call psyche_monitor with {\"action\":\"list_runs\"} "
     "and say what the summary says, with its labels.",
     {{NULL, NULL}}},
    {"run",
     "How is a run doing?",
     "Progress, speed, loss and health of one run",
     "How is the Psyche run $1 doing? Call psyche_monitor with "
     "{\"action\":\"run_details\",\"run_id\":$1}. Say progress, speed and loss with their labels, "
     "and whether the sources agree.",
     {{"run", "A run's id, name, or the start of either"}}},
    {"weights",
     "Where are a run's weights?",
     "Checkpoint and repository of one run",
     "Where are the weights of the Psyche run $1? Call psyche_monitor with "
     "{\"action\":\"checkpoints\",\"run_id\":$1}. Name place, revision and label.",
     {{"run", "A run's id, name, or the start of either"}}},
    {"pool",
     "Is the mining pool full?",
     "How full the pool is, and by whom",
     "Is the Psyche mining pool full? Call psyche_monitor with {\"action\":\"pool_status\"} and "
     "say "
     "how much is in it, how much fits, and how old these facts are.",
     {{NULL, NULL}}},
    {"take-part",
     "Can I take part?",
     "The ways to contribute, and which runs are open now",
     "Can I take part in Psyche? Call psyche_monitor with {\"action\":\"contribute\"}. Say which "
     "runs are open now, what each way asks of me, and of which day that is.",
     {{NULL, NULL}}},
    {"compare",
     "Compare two runs",
     "Two runs side by side",
     "Compare the Psyche runs $1 and $2. Call psyche_monitor twice in one message, with "
     "{\"action\":\"run_details\",\"run_id\":$1} and {\"action\":\"run_details\",\"run_id\":$2}. "
     "Compare only facts that both answers have, with their labels.",
     {{"first", "A run's id, name, or the start of either"}, {"second", "The other run's"}}},
};

/* --- prompts/list --- */

static void add_prompt(yyjson_mut_doc *doc, yyjson_mut_val *list, const struct prompt *prompt)
{
    yyjson_mut_val *entry = yyjson_mut_arr_add_obj(doc, list);
    (void)yyjson_mut_obj_add_str(doc, entry, "name", prompt->name);
    (void)yyjson_mut_obj_add_str(doc, entry, "title", prompt->title);
    (void)yyjson_mut_obj_add_str(doc, entry, "description", prompt->meaning);
    yyjson_mut_val *arguments = yyjson_mut_obj_add_arr(doc, entry, "arguments");
    for (size_t i = 0; i < ARGUMENTS_MOST && prompt->arguments[i].name; i++) {
        yyjson_mut_val *argument = yyjson_mut_arr_add_obj(doc, arguments);
        (void)yyjson_mut_obj_add_str(doc, argument, "name", prompt->arguments[i].name);
        (void)yyjson_mut_obj_add_str(doc, argument, "description", prompt->arguments[i].meaning);
        (void)yyjson_mut_obj_add_bool(doc, argument, "required", true);
    }
}

yyjson_mut_val *mcp_prompts_list(struct mcp_session *session, struct mcp_message *message)
{
    (void)session;
    if (!mcp_is_first_page(message)) {
        return NULL;
    }
    yyjson_mut_val *result = yyjson_mut_obj(message->doc);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(message->doc, result, "prompts");
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        add_prompt(message->doc, list, &prompts[i]);
    }
    return result;
}

/* --- prompts/get --- */

static const struct prompt *find(pm_str name)
{
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        if (pm_str_equal(name, pm_str_from(prompts[i].name))) {
            return &prompts[i];
        }
    }
    return NULL;
}

/* As a JSON string of printable ASCII: exact, and nothing in it can look like the prompt's own
 * words. DEL is a control character that JSON need not escape. */
static pm_str write_argument(struct pm_arena *arena, yyjson_val *value)
{
    yyjson_alc allocator = pm_json_alc(arena);
    size_t len = 0;
    const char *text =
        yyjson_val_write_opts(value, YYJSON_WRITE_ESCAPE_UNICODE, &allocator, &len, NULL);
    struct pm_buf out;
    pm_buf_init(&out, arena, TEXT_BYTES_MOST);
    for (size_t i = 0; text && i < len; i++) {
        if (text[i] == 0x7F) {
            pm_buf_add_c(&out, "\\u007f");
        } else {
            pm_buf_add_char(&out, text[i]);
        }
    }
    return pm_buf_text(&out);
}

/* False after mcp_refuse. */
static bool read_arguments(struct mcp_message *message, const struct prompt *prompt,
                           pm_str out[ARGUMENTS_MOST])
{
    yyjson_val *given = pm_json_get(message->params, "arguments");
    for (size_t i = 0; i < ARGUMENTS_MOST && prompt->arguments[i].name; i++) {
        yyjson_val *value = pm_json_get(given, prompt->arguments[i].name);
        size_t len = pm_json_text(value).len;
        if (!pm_json_text(value).ptr || len == 0 || len > ARGUMENT_BYTES_MOST) {
            (void)mcp_refuse(message, MCP_INVALID_PARAMS, "%s: text of 1 to %d bytes",
                             prompt->arguments[i].name, ARGUMENT_BYTES_MOST);
            return false;
        }
        out[i] = write_argument(message->arena, value);
    }
    return true;
}

static pm_str fill_in(struct pm_arena *arena, const char *text,
                      const pm_str arguments[ARGUMENTS_MOST])
{
    struct pm_buf filled;
    pm_buf_init(&filled, arena, TEXT_BYTES_MOST);
    for (; *text; text++) {
        if (text[0] == '$' && (text[1] == '1' || text[1] == '2')) {
            pm_buf_add(&filled, arguments[*++text - '1']);
        } else {
            pm_buf_add_char(&filled, *text);
        }
    }
    return pm_buf_text(&filled);
}

yyjson_mut_val *mcp_prompts_get(struct mcp_session *session, struct mcp_message *message)
{
    yyjson_mut_doc *doc = message->doc;
    pm_str name = pm_json_text(pm_json_get(message->params, "name"));
    const struct prompt *prompt = find(name);
    pm_str arguments[ARGUMENTS_MOST] = {PM_STR(""), PM_STR("")};
    (void)session;
    if (!prompt) {
        return mcp_refuse(message, MCP_INVALID_PARAMS, "there is no prompt \"%s\"",
                          mcp_show(name).text);
    }
    if (!read_arguments(message, prompt, arguments)) {
        return NULL;
    }
    yyjson_mut_val *result = yyjson_mut_obj(doc);
    (void)yyjson_mut_obj_add_str(doc, result, "description", prompt->meaning);
    yyjson_mut_val *list = yyjson_mut_obj_add_arr(doc, result, "messages");
    yyjson_mut_val *entry = yyjson_mut_arr_add_obj(doc, list);
    (void)yyjson_mut_obj_add_str(doc, entry, "role", "user");
    yyjson_mut_val *content = yyjson_mut_obj_add_obj(doc, entry, "content");
    (void)yyjson_mut_obj_add_str(doc, content, "type", "text");
    mcp_add_text(doc, content, "text", fill_in(message->arena, prompt->text, arguments));
    return result;
}
