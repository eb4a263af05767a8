/* machine.h - the checks that need no network. */
#ifndef PM_DOCTOR_MACHINE_H
#define PM_DOCTOR_MACHINE_H

#include "doctor/doctor.h"
#include "source/finding.h"

struct pm_machine {
    struct pm_call *call;
    const struct pm_doctor_host *host;
};

typedef void pm_machine_fn(const struct pm_machine *machine, struct pm_finding *finding);

struct pm_machine_check {
    const char *name;
    const char *mend; /* what the user can do if it differs */
    pm_machine_fn *check;
};

/* Ended by a row without a name. */
const struct pm_machine_check *pm_machine_checks(void);

#endif
