/* config_inside.h - what the files that read the configuration share and nobody else sees. */
#ifndef PM_API_CONFIG_INSIDE_H
#define PM_API_CONFIG_INSIDE_H

#include "api/config.h"

/* A value from somewhere; one from a higher place is never overwritten by a lower one. */
void pm_config_take(struct pm_config *config, enum pm_setting setting, pm_str text,
                    enum pm_setting_from from, pm_str place);

PM_CHECKED bool pm_config_find(pm_str path, enum pm_setting *out);
/* Sets the error: there is no such setting. Always false. */
bool pm_config_fail_unknown(struct pm_config *config, pm_str place, pm_str path);

/* config_file.c: `named` is the file the options name, or empty. A missing one is fine unless
 * somebody named it. */
PM_CHECKED bool pm_config_read_file(struct pm_config *config, struct pm_arena *arena, pm_str named);

/* env_file.c: what a Psyche client's own settings file says, when one is named. */
PM_CHECKED bool pm_config_read_env_file(struct pm_config *config, struct pm_arena *arena);

/* Takes a whole small file; false and a phrase, "no such file". */
PM_CHECKED bool pm_config_slurp(struct pm_arena *arena, const char *path, pm_str *out,
                                const char **reason);

/* options.c: `file` is the config file they name, or empty. */
PM_CHECKED bool pm_config_read_options(struct pm_config *config, struct pm_arena *arena,
                                       pm_str text, pm_str *file);

/* config_values.c: from the texts to config->settings; sets the error at the first that is no value. */
bool pm_config_settle(struct pm_config *config, struct pm_arena *arena);

#endif
