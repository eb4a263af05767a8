/* references.c - where the references are. */

#include "api/references.h"

#include "base/buf.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>

#ifndef PM_PREFIX
#define PM_PREFIX "/usr/local"
#endif

#define SHARED "share/psyche-monitor/references"
#define INSTALLED PM_PREFIX "/" SHARED
#define SCRATCH_BYTES_MOST ((size_t)1 << 20)

/* Whatever loaded us is where this is. */
static const char here;

bool pm_references_init(struct pm_references *references)
{
    *references = (struct pm_references){0};
    return pthread_mutex_init(&references->lock, NULL) == 0;
}

void pm_references_finish(struct pm_references *references)
{
    pm_guide_close(references->guide);
    pthread_mutex_destroy(&references->lock);
}

/* A path without links and dots; empty when there is nothing. */
static pm_str resolve(struct pm_arena *scratch, const char *path)
{
    char resolved[PATH_MAX];
    return realpath(path, resolved) ? pm_arena_copy(scratch, pm_str_from(resolved)) : PM_STR("");
}

/* The folder of the object that we are in; empty when it is not known. */
static pm_str own_folder(struct pm_arena *scratch)
{
    Dl_info info;
    pm_str file = PM_STR("");
    if (dladdr(&here, &info) == 0 || !info.dli_fname) {
        return file;
    }
    /* Of a program the loader knows only the word it was started by. */
    pm_str name = pm_str_from(info.dli_fname);
    if (pm_str_find(name, '/') < name.len) {
        file = resolve(scratch, info.dli_fname);
    }
    if (file.len == 0) {
        file = resolve(scratch, "/proc/self/exe");
    }
    return file.len ? pm_str_slice(file, 0, pm_str_find_last(file, '/')) : file;
}

/* In the tree of the sources (the library in build/ or build/release/), in a plugin's folder, or in
 * an installation, wherever it was moved as a whole: from lib/, lib/<architecture>/ and the folder
 * psyche-monitor/ in either. */
static pm_str find_beside(struct pm_arena *scratch)
{
    static const char *const places[] = {"references", "../references", "../../references",
                                         "../" SHARED, "../../" SHARED, "../../../" SHARED};
    pm_str folder = own_folder(scratch);
    for (size_t i = 0; folder.len && i < sizeof places / sizeof *places; i++) {
        struct pm_buf path;
        pm_buf_init(&path, scratch, PATH_MAX);
        pm_buf_add(&path, folder);
        pm_buf_addf(&path, "/%s", places[i]);
        pm_str found = resolve(scratch, pm_arena_cstr(scratch, pm_buf_text(&path)));
        if (found.len && pm_guide_is_folder(found)) {
            return found;
        }
    }
    return PM_STR("");
}

/* One that was set is taken even if it is not there: the guide says so. */
static pm_str find_folder(struct pm_arena *scratch, const struct pm_setting_value *set,
                          const char **found_by)
{
    if (set->text.len) {
        pm_str found = resolve(scratch, pm_arena_cstr(scratch, set->text));
        *found_by = pm_setting_from_name(set->from);
        return found.len ? found : set->text;
    }
    pm_str beside = find_beside(scratch);
    if (beside.len) {
        *found_by = "beside the library";
        return beside;
    }
    bool is_installed = pm_guide_is_folder(PM_STR(INSTALLED));
    *found_by = is_installed ? "installed" : "built in";
    return is_installed ? PM_STR(INSTALLED) : PM_STR("");
}

struct pm_guide *pm_references_guide(struct pm_references *references,
                                     const struct pm_config *config)
{
    pthread_mutex_lock(&references->lock);
    if (!references->guide) {
        struct pm_arena scratch;
        pm_arena_init(&scratch, SCRATCH_BYTES_MOST);
        pm_str folder =
            find_folder(&scratch, &config->values[PM_SETTING_REFERENCES], &references->found_by);
        /* Without memory a folder may have been missed: it is looked for again the next time. */
        references->guide = scratch.failed ? NULL : pm_guide_open(folder);
        pm_arena_finish(&scratch);
    }
    struct pm_guide *guide = references->guide;
    pthread_mutex_unlock(&references->lock);
    return guide;
}
