/* options.c - the command line, read from one table. */

#include "options.h"

#include "base/near.h"
#include "base/str.h"
#include "codec/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A question is one of the actions, unless a tool of its own is named. */
static const struct {
    const char *name;
    enum cli_command command;
    const char *words, *meaning, *tool, *word;
} commands[] = {
    {"list_runs", CLI_QUESTION, "", "which training runs there are", NULL, NULL},
    {"run_details", CLI_QUESTION, "RUN", "how one is doing; an id, a name, or how either begins",
     NULL, "run_id"},
    {"checkpoints", CLI_QUESTION, "[RUN]", "where its weights are, or those of OWNER/NAME", NULL,
     "run_id"},
    {"pool_status", CLI_QUESTION, "", "how full the mining pool is", NULL, NULL},
    {"network_stats", CLI_QUESTION, "", "how the network is", NULL, NULL},
    {"contribute", CLI_QUESTION, "[TOPIC]", "how to take part, and what words mean", NULL, "page"},
    {"wallet", CLI_QUESTION, "[ADDRESS]",
     "what a wallet has there; with --run, can it join that run", "psyche_wallet", "address"},
    {"call", CLI_CALL, "[JSON …]", "answer each request; without one, those on standard input",
     NULL, NULL},
    {"schema", CLI_SCHEMA, "", "the tools and their arguments, as JSON", NULL, NULL},
    {"info", CLI_INFO, "", "settings and where each came from, as JSON", NULL, NULL},
    {"doctor", CLI_DOCTOR, "", "check this machine; with --live also what the network is like",
     NULL, NULL},
    {"mcp", CLI_MCP, "", "serve an MCP client on standard input and output", NULL, NULL},
};

enum option {
    OPTION_SET,
    OPTION_CONFIG,
    OPTION_OFFLINE,
    OPTION_SUMMARY,
    OPTION_STRICT,
    OPTION_FULL,
    OPTION_LIMIT,
    OPTION_PAGE,
    OPTION_RUN,
    OPTION_LIVE,
    OPTION_CONTENT,
    OPTION_VERSION,
    OPTION_HELP
};

static const struct {
    const char *name, *letter;
    enum option option;
    const char *value, *meaning;
} options[] = {
    {"--set", NULL, OPTION_SET, "KEY=VALUE",
     "an option of open or a setting, e.g. dashboard.url=URL"},
    {"--config", "-c", OPTION_CONFIG, "FILE", "this config file"},
    {"--offline", NULL, OPTION_OFFLINE, NULL, "ask nobody"},
    {"--summary", "-s", OPTION_SUMMARY, NULL, "print an answer's summary instead of its JSON"},
    {"--strict", NULL, OPTION_STRICT, NULL,
     "exit with 4 also when a source did not answer, or only with old facts"},
    {"--full", NULL, OPTION_FULL, NULL, "everything that is known, not the short answer"},
    {"--limit", NULL, OPTION_LIMIT, "N", "so many rows of a list at most"},
    {"--page", NULL, OPTION_PAGE, "PAGE", "what an answer's get_more or omitted names"},
    {"--run", NULL, OPTION_RUN, "ID", "wallet: the run that it may want to join, by id or name"},
    {"--live", NULL, OPTION_LIVE, NULL, "doctor: ask the network too, at most 30 s"},
    {"--content", NULL, OPTION_CONTENT, "WHAT",
     "mcp: answers as text, structured or both (default: as the client needs)"},
    {"--version", "-V", OPTION_VERSION, NULL,
     "versions of program, interface, answers and libraries"},
    {"--help", "-h", OPTION_HELP, NULL, "this page"},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SHOWN_MOST 100 /* bytes of a word that is complained about */

void cli_print_help(void)
{
    (void)fputs("psyche-monitor: questions about Psyche's training runs, answered with sources\n\n"
                "  psyche-monitor list_runs\n"
                "  psyche-monitor --summary run_details consilience\n"
                "  echo '{\"action\":\"list_runs\",\"limit\":5}' | psyche-monitor call\n\n"
                "Usage: psyche-monitor [OPTION …] COMMAND [WORD …]\n\nCommands:\n",
                stdout);
    for (size_t i = 0; i < COUNT(commands); i++) {
        char left[40];
        (void)snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].words);
        /* "…" takes three bytes and one place */
        (void)printf("  %-*s %s\n", strstr(left, "…") ? 24 : 22, left, commands[i].meaning);
    }
    (void)fputs("\nOptions:\n", stdout);
    for (size_t i = 0; i < COUNT(options); i++) {
        char left[40];
        (void)snprintf(left, sizeof left, "%s%s%s%s%s", options[i].letter ? options[i].letter : "",
                       options[i].letter ? ", " : "", options[i].name, options[i].value ? " " : "",
                       options[i].value ? options[i].value : "");
        (void)printf("  %-22s %s\n", left, options[i].meaning);
    }
    (void)fputs(
        "\nExit status: 0 answered and found, 1 internal, 2 bad request or usage, 3 not found,\n"
        "4 unknown or ambiguous, or with --strict a source failed, 5 no source answered,\n"
        "6 bad configuration, 130 interrupted.\n"
        "Of several requests the first status that is not 0 counts. doctor: 3 when something "
        "differs,\n"
        "else 4 when something could not be asked.\n"
        "\nRequests, settings and files: man psyche-monitor\n",
        stdout);
}

/* A word of the command line as it can be shown on any terminal: other bytes than printable ASCII
 * have the form that answers give them. */
static void put_shown(pm_str given)
{
    for (size_t i = 0; i < given.len && i < SHOWN_MOST; i++) {
        unsigned char byte = (unsigned char)given.ptr[i];
        bool is_plain = byte >= ' ' && byte <= '~' && byte != '"';
        (void)fprintf(stderr, is_plain ? "%c" : "<x%02X>", byte);
    }
    (void)fputs(given.len > SHOWN_MOST ? "..." : "", stderr);
}

static int complain(const char *what, const char *given, const char *nearest)
{
    (void)fprintf(stderr, "psyche-monitor: %s \"", what);
    put_shown(pm_str_from(given));
    (void)fputc('"', stderr);
    if (nearest) {
        (void)fprintf(stderr, "; did you mean %s?", nearest);
    }
    (void)fputs(" (psyche-monitor --help)\n", stderr);
    return CLI_EXIT_USAGE;
}

/* --- options of open, as JSON --- */

struct builder {
    yyjson_mut_doc *doc;
    yyjson_mut_val *root, *override;
};

static bool is_open_option(pm_str key)
{
    static const char *const names[] = {"config", "env_file", "references", "store",
                                        "now",    "offline",  "host_note"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (pm_str_equal(key, pm_str_from(names[i]))) {
            return true;
        }
    }
    return false;
}

/* "offline=true" is an option of open itself; every other key is a setting's. */
static void add_setting(struct builder *builder, pm_str key, pm_str value)
{
    yyjson_mut_val *to = builder->root;
    if (!is_open_option(key)) {
        if (!builder->override) {
            builder->override = yyjson_mut_obj_add_obj(builder->doc, builder->root, "override");
        }
        to = builder->override;
    }
    (void)yyjson_mut_obj_add(to, yyjson_mut_strncpy(builder->doc, key.ptr, key.len),
                             yyjson_mut_strncpy(builder->doc, value.ptr, value.len));
}

/* Short form or long, its value in the next word or after '='. */
static bool match(char **argv, int argc, int *at, size_t row, const char **value, bool *lacks_value)
{
    const char *word = argv[*at];
    size_t length = strlen(options[row].name);
    bool is_named = strcmp(word, options[row].name) == 0 ||
                    (options[row].letter && strcmp(word, options[row].letter) == 0);
    if (options[row].value && strncmp(word, options[row].name, length) == 0 &&
        word[length] == '=') {
        *value = word + length + 1;
        return true;
    }
    if (is_named && options[row].value) {
        *lacks_value = *at + 1 >= argc;
        *value = *lacks_value ? "" : argv[++*at];
    }
    return is_named;
}

static int read_content(const char *value, struct cli_options *out)
{
    static const char *const names[] = {
        [CLI_CONTENT_AUTO] = "auto",
        [CLI_CONTENT_TEXT] = "text",
        [CLI_CONTENT_STRUCTURED] = "structured",
        [CLI_CONTENT_BOTH] = "both",
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            out->content = (enum cli_content)i;
            return 0;
        }
    }
    return complain("--content takes auto, text, structured or both, not", value, NULL);
}

static int apply(enum option option, const char *value, struct builder *builder,
                 struct cli_options *out)
{
    pm_str text = pm_str_from(value);
    size_t equals = pm_str_find(text, '=');
    switch (option) {
    case OPTION_SET:
        if (equals == 0 || equals == text.len) {
            return complain("--set takes KEY=VALUE, not", value, NULL);
        }
        add_setting(builder, pm_str_slice(text, 0, equals), pm_str_tail(text, equals + 1));
        break;
    case OPTION_CONFIG:
        add_setting(builder, PM_STR("config"), text);
        break;
    case OPTION_OFFLINE:
        add_setting(builder, PM_STR("offline"), PM_STR("true"));
        break;
    case OPTION_SUMMARY:
        out->wants_summary = true;
        break;
    case OPTION_STRICT:
        out->is_strict = true;
        break;
    case OPTION_FULL:
        out->wants_all = true;
        break;
    case OPTION_LIMIT:
        out->limit = value;
        break;
    case OPTION_PAGE:
        out->page = value;
        break;
    case OPTION_RUN:
        out->run = value;
        break;
    case OPTION_LIVE:
        out->is_live = true;
        break;
    case OPTION_CONTENT:
        return read_content(value, out);
    case OPTION_VERSION:
        out->command = CLI_VERSION;
        break;
    case OPTION_HELP:
        out->command = CLI_HELP;
        break;
    }
    return 0;
}

static int read_option(int argc, char **argv, int *at, struct builder *builder,
                       struct cli_options *out)
{
    const char *names[COUNT(options) + 1] = {NULL};
    for (size_t row = 0; row < COUNT(options); row++) {
        const char *value = "";
        bool lacks_value = false;
        names[row] = options[row].name;
        if (match(argv, argc, at, row, &value, &lacks_value)) {
            return lacks_value ? complain("a value belongs after", options[row].name, NULL)
                               : apply(options[row].option, value, builder, out);
        }
    }
    return complain("there is no option", argv[*at], pm_near_word(pm_str_from(argv[*at]), names));
}

static int read_command(const char *word, struct cli_options *out)
{
    const char *names[COUNT(commands) + 1] = {NULL};
    for (size_t i = 0; i < COUNT(commands); i++) {
        names[i] = commands[i].name;
        if (strcmp(word, commands[i].name) == 0) {
            const char *tool = commands[i].tool;
            out->command = commands[i].command;
            out->question = (struct cli_question){.tool = tool ? tool : "psyche_monitor",
                                                  .action = tool ? NULL : word,
                                                  .word = commands[i].word};
            return 0;
        }
    }
    return complain("there is no command", word, pm_near_word(pm_str_from(word), names));
}

static int read_words(int argc, char **argv, struct builder *builder, struct cli_options *out)
{
    bool has_command = false, options_end = false;
    size_t kept = 0;
    for (int at = 1; at < argc; at++) {
        const char *word = argv[at];
        int status = 0;
        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!options_end && word[0] == '-' && word[1] != '\0') {
            status = read_option(argc, argv, &at, builder, out);
        } else if (!has_command) {
            has_command = true;
            status = out->command == CLI_HELP || out->command == CLI_VERSION
                         ? 0
                         : read_command(word, out);
        } else {
            argv[kept++] = argv[at]; /* in front of what is still to be read */
        }
        if (status) {
            return status;
        }
    }
    out->words = (const char *const *)argv;
    out->word_count = kept;
    if (!has_command && out->command == CLI_CALL) {
        out->command = CLI_HELP;
    }
    size_t most = out->command == CLI_CALL ? SIZE_MAX : out->question.word ? 1 : 0;
    if (kept > most) {
        return complain("too many words:", argv[0], NULL);
    }
    if (out->run && kept && pm_str_equal(pm_str_from(out->question.word), PM_STR("run_id"))) {
        return complain("too many words: --run", out->run, NULL);
    }
    return 0;
}

int cli_options_read(int argc, char **argv, struct cli_options *out)
{
    struct builder builder = {.doc = yyjson_mut_doc_new(NULL)};
    *out = (struct cli_options){.command = CLI_CALL};
    builder.root = yyjson_mut_obj(builder.doc);
    yyjson_mut_doc_set_root(builder.doc, builder.root);
    int status = read_words(argc, argv, &builder, out);
    out->open_options = yyjson_mut_write(builder.doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, NULL);
    yyjson_mut_doc_free(builder.doc);
    return status;
}

void cli_options_finish(struct cli_options *options_read)
{
    free(options_read->open_options);
    options_read->open_options = NULL;
}
