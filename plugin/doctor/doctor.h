/* doctor.h - is everything as it should be: this machine, and what is assumed of the network.
 *
 * For somebody who uses the program for the first time or looks for what is wrong. It is no action:
 * agents do not see it. Each check is one row of the answer, with what mends it. */
#ifndef PM_DOCTOR_DOCTOR_H
#define PM_DOCTOR_DOCTOR_H

#include "action/action.h"

#define PM_DOCTOR_LIVE_MS 30000 /* deadline when the network is asked */
#define PM_DOCTOR_BYTES ((size_t)64 << 10)

/* What only the handle knows. */
struct pm_doctor_host {
    const char *version, *build;
    int abi;
    pm_str config_file;  /* empty: none was read */
    size_t settings_set; /* that somebody set */
    const char *references_found_by;
};

/* Fills the answer; asks the network only for `is_live`. */
void pm_doctor_run(struct pm_call *call, struct pm_answer *answer,
                   const struct pm_doctor_host *host, bool is_live);

#endif
