/* gcs_inside.h - the address of a manifest, and the way from a body to facts. */
#ifndef PM_SOURCE_GCS_INSIDE_H
#define PM_SOURCE_GCS_INSIDE_H

#include "source/gcs.h"

extern const struct pm_kind pm_gcs_kind_manifest; /* gives struct pm_gcs_manifest */

/* Empty when memory is out. */
pm_str pm_gcs_manifest_url(struct pm_arena *arena, pm_str base, pm_str bucket, pm_str prefix);

pm_decode_fn pm_gcs_decode_manifest;

#endif
