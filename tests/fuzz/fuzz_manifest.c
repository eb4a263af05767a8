/* fuzz_manifest.c - a checkpoint's manifest, or what a storage bucket says instead: a whole reply. */

#include "whole_reply.h"

#include "source/gcs_inside.h"

static void look_file(struct fuzz_digest *digest, const struct pm_gcs_file *file)
{
    uint64_t generation;
    HOLDS(file->name.len > 0 && (file->has_size || file->size == 0));
    HOLDS(file->generation.len == 0 || pm_str_to_u64(file->generation, &generation));
    fuzz_add_text(digest, file->name);
    fuzz_add_u64(digest, file->size);
    fuzz_add_text(digest, file->generation);
}

static void look(struct fuzz_digest *digest, const struct pm_gcs_manifest *manifest)
{
    uint64_t total = 0;
    bool has_all = manifest->has_files && manifest->unreadable == 0;
    HOLDS(manifest->found == PM_GCS_THERE || manifest->count == 0);
    HOLDS(!manifest->is_bucket_missing || manifest->found == PM_GCS_MISSING);
    for (size_t i = 0; i < manifest->count; i++) {
        const struct pm_gcs_file *file = &manifest->files[i];
        look_file(digest, file);
        bool fits = file->has_size && file->size <= UINT64_MAX - total;
        total += fits ? file->size : 0;
        has_all = has_all && fits;
    }
    HOLDS(total == manifest->total_size && has_all == manifest->has_all_sizes);
    fuzz_add_text(digest, manifest->run_id);
    fuzz_add_text(digest, manifest->generation);
    fuzz_add_u64(digest, manifest->step.value);
    fuzz_add_u64(digest, manifest->epoch.value);
}

static uint64_t digest_of(pm_str text)
{
    struct whole_reply reply;
    struct fuzz_digest digest = {0};
    whole_decode(&reply, &pm_gcs_kind_manifest, text);
    fuzz_add(&digest, reply.outcome.problem, strlen(reply.outcome.problem));
    if (reply.facts) {
        look(&digest, reply.facts);
    }
    whole_drop(&reply);
    return digest.sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pm_str text = fuzz_text(data, size);
    HOLDS(digest_of(text) == digest_of(text));
    return 0;
}
