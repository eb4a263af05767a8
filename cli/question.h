/* question.h - a question asked in words, list_runs or wallet ADDRESS, as the request it stands for. */
#ifndef PM_CLI_QUESTION_H
#define PM_CLI_QUESTION_H

#include "options.h"

#include <stddef.h>

/* The request as JSON, which the caller frees; NULL without memory. */
char *cli_question_write(const struct cli_options *options, size_t *len);

#endif
