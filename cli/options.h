/* options.h - the command line, read from one table. */
#ifndef PM_CLI_OPTIONS_H
#define PM_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define CLI_EXIT_USAGE 2

enum cli_command {
    CLI_CALL,
    CLI_WALLET,
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

struct cli_options {
    enum cli_command command;
    bool wants_summary;
    bool is_strict;  /* an answer with a source that failed has a status of its own */
    bool is_live;    /* doctor asks the network too */
    const char *run; /* wallet: the run that it is about, or NULL */
    bool wants_all;  /* wallet: detail full */
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
