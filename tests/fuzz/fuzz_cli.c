/* fuzz_cli.c - the command line: an input's lines are its words. What they ask for is answered
 * offline, but for the commands that look at this machine or read standard input. */

#include "fuzz.h"

#include "codec/json.h"

/* The command itself, but for its start. */
#define main cli_main
int cli_main(int argc, char **argv);
#include "cli/main.c"
#undef main

#define WORDS_MOST 24

struct line {
    char *text; /* the words, each with a NUL behind it */
    char *words[WORDS_MOST + 4];
    int count;
};

static void add_word(struct line *line, char *word)
{
    line->words[line->count++] = word;
}

/* Words cannot hold a NUL: each ends one, as the end of a line does. */
static void split(struct line *line, pm_str input)
{
    *line = (struct line){.text = malloc(input.len + 1)};
    HOLDS(line->text != NULL);
    memcpy(line->text, input.len ? input.ptr : "", input.len);
    line->text[input.len] = '\0';
    char *from = line->text;
    for (size_t i = 0; i <= input.len && line->count < WORDS_MOST; i++) {
        if (line->text[i] == '\n' || line->text[i] == '\0') {
            line->text[i] = '\0';
            add_word(line, from);
            from = line->text + i + 1;
        }
    }
}

/* What a function says on standard output or error, in `text`. */
struct said {
    FILE *before;
    char *text;
    size_t len;
};

static void listen(FILE **stream, struct said *said)
{
    *said = (struct said){.before = *stream};
    FILE *memory = open_memstream(&said->text, &said->len);
    HOLDS(memory != NULL);
    *stream = memory;
}

static pm_str heard(FILE **stream, struct said *said)
{
    HOLDS(fclose(*stream) == 0);
    *stream = said->before;
    return (pm_str){said->text, said->len};
}

/* Its message, if there is one, is what makes the status. */
static int read_options(const struct line *line, char **words, struct cli_options *options)
{
    struct said said;
    memcpy(words, line->words, sizeof line->words);
    listen(&stderr, &said);
    int status = cli_options_read(line->count, words, options);
    pm_str text = heard(&stderr, &said);
    HOLDS(status == 0 || status == CLI_EXIT_USAGE);
    HOLDS((status == 0) == (text.len == 0));
    HOLDS(status == 0 ||
          (pm_str_starts(text, PM_STR("psyche-monitor: ")) && text.ptr[text.len - 1] == '\n'));
    free(said.text);
    return status;
}

/* The words that are left are some of those given, in their order. */
static void check_words(const struct line *line, const struct cli_options *options)
{
    int from = 1;
    HOLDS(options->word_count == 0 || options->command == CLI_CALL || options->question.word);
    for (size_t i = 0; i < options->word_count; i++) {
        while (from < line->count && line->words[from] != options->words[i]) {
            from++;
        }
        HOLDS(from++ < line->count);
    }
}

/* One object, in which texts stand alone or in "override". */
static void check_open_options(const struct line *line, const struct cli_options *options)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    yyjson_val *key;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES);
    HOLDS(options->open_options != NULL);
    yyjson_val *root = pm_json_read_copy(&arena, pm_str_from(options->open_options), &problem);
    bool is_clean = true;
    for (int i = 1; i < line->count; i++) {
        is_clean = is_clean && fuzz_is_utf8(pm_str_from(line->words[i]));
    }
    HOLDS(yyjson_is_obj(root) || !is_clean);
    yyjson_obj_iter members = yyjson_obj_iter_with(root);
    while ((key = yyjson_obj_iter_next(&members)) != NULL) {
        yyjson_val *value = yyjson_obj_iter_get_val(key);
        HOLDS(yyjson_is_str(value) || (yyjson_is_obj(value) && yyjson_equals_str(key, "override")));
    }
    pm_arena_finish(&arena);
}

/* The same words behind "call --" are requests, whatever they look like. */
static void check_end_of_options(const struct line *line)
{
    static char program[] = "psyche-monitor", call[] = "call", end[] = "--";
    char *words[WORDS_MOST + 4];
    struct cli_options options;
    struct line longer = {.text = line->text};
    add_word(&longer, program);
    add_word(&longer, call);
    add_word(&longer, end);
    for (int i = 1; i < line->count; i++) {
        add_word(&longer, line->words[i]);
    }
    HOLDS(read_options(&longer, words, &options) == 0 && options.command == CLI_CALL);
    HOLDS(options.word_count == (size_t)longer.count - 3);
    for (size_t i = 0; i < options.word_count; i++) {
        HOLDS(options.words[i] == longer.words[i + 3]);
    }
    cli_options_finish(&options);
}

static void check_answers(pm_str text)
{
    struct pm_arena arena;
    struct pm_json_problem problem;
    pm_arena_init(&arena, FUZZ_ARENA_BYTES * 2);
    while (text.len) {
        size_t end = pm_str_find(text, '\n');
        yyjson_val *root = pm_json_read_copy(&arena, pm_str_slice(text, 0, end), &problem);
        HOLDS(end < text.len && yyjson_is_ctn(root)); /* the schema is an array */
        text = pm_str_tail(text, end + 1);
    }
    pm_arena_finish(&arena);
}

static void check_run(const struct cli_options *options)
{
    static psyche_monitor *monitor;
    static const char how[] = "{\"offline\":true,\"store\":false}";
    struct said said;
    if (!monitor) {
        monitor = psyche_monitor_open(how, sizeof how - 1);
    }
    struct session session = {.monitor = monitor, .wants_summary = options->wants_summary};
    bool reads_input = options->command == CLI_CALL &&
                       (options->word_count == 0 || !strcmp(options->words[0], "-"));
    if (reads_input || options->command == CLI_MCP || options->command == CLI_DOCTOR) {
        return;
    }
    listen(&stdout, &said);
    int status = run(&session, options);
    pm_str text = heard(&stdout, &said);
    HOLDS(status >= 0 && status <= 6 && text.len > 0 && text.ptr[text.len - 1] == '\n');
    HOLDS(fuzz_is_utf8(text));
    if (options->command != CLI_VERSION && options->command != CLI_HELP &&
        !options->wants_summary) {
        check_answers(text);
    }
    free(said.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct line line;
    struct cli_options options;
    char *words[WORDS_MOST + 4];
    split(&line, fuzz_text(data, size));
    if (read_options(&line, words, &options) == 0) {
        check_words(&line, &options);
        check_open_options(&line, &options);
        check_run(&options);
    }
    cli_options_finish(&options);
    check_end_of_options(&line);
    free(line.text);
    return 0;
}
