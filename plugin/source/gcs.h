/* gcs.h - what a Psyche client wrote beside a checkpoint in a storage bucket: manifest.json.
 *
 * It is written after the weights, so it marks a whole upload. A bucket that does not let its names
 * be listed answers for an object that is not there as for one that is kept back: DENIED says
 * neither. Asked without an account, always; with hub.off not at all. */
#ifndef PM_SOURCE_GCS_H
#define PM_SOURCE_GCS_H

#include "net/batch.h"
#include "source/known.h"

enum pm_gcs_found {
    PM_GCS_THERE,
    PM_GCS_MISSING, /* no such object, or no such bucket */
    PM_GCS_DENIED,  /* not written yet, or not public */
};

struct pm_gcs_file {
    pm_str name;
    bool has_size;
    uint64_t size;
    pm_str generation; /* a decimal number, or empty */
};

struct pm_gcs_manifest {
    enum pm_gcs_found found; /* only for THERE is anything else known */
    bool is_bucket_missing;  /* for MISSING: the bucket itself */
    struct pm_time timestamp;
    struct pm_count epoch, step;
    pm_str run_id;
    pm_str generation; /* of the manifest itself: another one after each writing; or empty */
    bool has_files;
    struct pm_gcs_file *files;
    size_t count;
    size_t unreadable; /* entries without a name */
    bool has_all_sizes;
    uint64_t total_size; /* of the sizes that are known */
};

/* Can a manifest there be asked for? The prefix may be empty. */
PM_CHECKED bool pm_gcs_is_place(pm_str bucket, pm_str prefix);
/* The place must be one. */
struct pm_ask *pm_gcs_ask_manifest(struct pm_batch *batch, pm_str bucket, pm_str prefix,
                                   bool carries);

/* It asks for a manifest. */
bool pm_gcs_is_manifest(const struct pm_ask *ask);
/* NULL unless the ask is in and was answered. */
const struct pm_gcs_manifest *pm_gcs_manifest(const struct pm_ask *ask);

#endif
