/* options.h - the command line, read from one table. */
#ifndef PM_CLI_OPTIONS_H
#define PM_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define CLI_EXIT_USAGE 2

enum cli_command {
    CLI_CALL,
    CLI_QUESTION, /* an action or a tool, in words */
    CLI_SCHEMA,
    CLI_INFO,
    CLI_DOCTOR,
    CLI_MCP,
    CLI_VERSION,
    CLI_HELP
};

/* What an MCP client is given of an answer. */
enum cli_content {
    CLI_CONTENT_AUTO, /* what suits it */
    CLI_CONTENT_TEXT,
    CLI_CONTENT_STRUCTURED,
    CLI_CONTENT_BOTH,
};

struct cli_question {
    const char *tool;
    const char *action; /* NULL for a tool that has none */
    const char *word;   /* the argument that the word behind it is, or NULL: it takes none */
};

struct cli_options {
    enum cli_command command;
    struct cli_question question; /* of CLI_QUESTION */
    bool wants_summary;
    bool is_strict; /* an answer with a source that failed has a status of its own */
    bool is_live;   /* doctor asks the network too */
    const char *run, *limit, *page; /* of a question, or NULL */
    bool wants_all;                 /* of a question: detail full */
    enum cli_content content;
    const char *const *words; /* what follows the command */
    size_t word_count;
    char *open_options; /* JSON for psyche_monitor_open, or NULL; owned */
};

/* 0, or the exit status after a message on standard error. */
int cli_options_read(int argc, char **argv, struct cli_options *out);
void cli_options_finish(struct cli_options *options);

void cli_print_help(void);

#endif
