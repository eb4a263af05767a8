/* gcs.h - the part of a simulator that knows how Google's storage answers.
 *
 * FOLDER/gcs/BUCKET/OBJECT is an object, OBJECT.headers beside it a JSON object of headers that
 * differ from the usual ones ({"x-goog-generation": "17…"}; "" leaves one out). Where
 * FOLDER/gcs/BUCKET.denied is, the bucket may not be read; where BUCKET.unlisted is, it may be read
 * but not listed, and what it does not hold is denied rather than missing. */
#ifndef PM_SIM_GCS_H
#define PM_SIM_GCS_H

#include "reply.h"

struct sim_gcs {
    char *folder;
};

bool sim_gcs_open(struct sim_gcs *gcs, const char *folder);
void sim_gcs_finish(struct sim_gcs *gcs); /* takes a zeroed one too */

/* `target` begins with "/gcs/". The result, from malloc, names the request for faults:
 * "/gcs/manifest/BUCKET/PREFIX" for a manifest.json, "/gcs/object/BUCKET/OBJECT" for others. */
char *sim_gcs_answer(const struct sim_gcs *gcs, const char *target, const char *authorization,
                     struct sim_reply *reply);

#endif
