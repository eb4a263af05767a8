/* references.h - where the references are, and the guide that is read from there. */
#ifndef PM_API_REFERENCES_H
#define PM_API_REFERENCES_H

#include "api/config.h"
#include "skill/guide.h"

#include <pthread.h>

struct pm_references {
    pthread_mutex_t lock;
    struct pm_guide *guide; /* NULL until somebody asks for it, or when memory is out */
    const char *found_by;   /* "environment", "beside the library", … */
};

PM_CHECKED bool pm_references_init(struct pm_references *references);
void pm_references_finish(struct pm_references *references);

/* The handle's guide, from any thread. The first call looks for the folder: the one that is set,
 * else one beside the library or the program that holds it, else the installed one, else only what
 * is built in. NULL when memory is out. */
struct pm_guide *pm_references_guide(struct pm_references *references,
                                     const struct pm_config *config);

#endif
