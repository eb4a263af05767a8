/* doctor.h - the doctor's checks as lines for people. */
#ifndef PM_CLI_DOCTOR_H
#define PM_CLI_DOCTOR_H

#include "psyche_monitor.h"

#include <stdbool.h>

/* What is asked of the library. */
const char *cli_doctor_request(bool is_live);

/* Prints a line a check and a last one that sums up; the exit status. */
int cli_doctor_run(psyche_monitor *monitor, bool is_live);

#endif
