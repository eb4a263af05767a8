/* info.c - what this handle was told, and by whom. */

#include "api/info.h"

#include "psyche_monitor.h"

#include "answer/text.h"
#include "api/stamp.h"
#include "base/label.h"
#include "chain/pda.h"
#include "codec/json.h"
#include "codec/yaml.h"
#include "codec/zstd.h"
#include "net/net.h"
#include "store/store.h"

static yyjson_mut_val *clean_text(yyjson_mut_doc *doc, struct pm_arena *arena, pm_str raw)
{
    pm_str text = pm_clean_text(pm_clean(arena, PM_TEXT_OTHER, raw));
    return yyjson_mut_strncpy(doc, text.ptr, text.len);
}

static yyjson_mut_val *settings_table(yyjson_mut_doc *doc, struct pm_arena *arena,
                                      const struct pm_config *config)
{
    yyjson_mut_val *table = yyjson_mut_obj(doc), *columns = yyjson_mut_arr(doc),
                   *rows = yyjson_mut_arr(doc);
    static const char *const names[] = {"setting", "value", "from", "place"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        yyjson_mut_arr_add_str(doc, columns, names[i]);
    }
    for (int i = 0; i < PM_SETTING_COUNT; i++) {
        const struct pm_setting_value *value = &config->values[i];
        yyjson_mut_val *row = yyjson_mut_arr_add_arr(doc, rows);
        yyjson_mut_arr_add_str(doc, row, pm_setting_path((enum pm_setting)i));
        yyjson_mut_arr_append(
            row, clean_text(doc, arena, pm_setting_shown(arena, (enum pm_setting)i, value->text)));
        yyjson_mut_arr_add_str(doc, row, pm_setting_from_name(value->from));
        yyjson_mut_arr_append(row, clean_text(doc, arena, value->place));
    }
    yyjson_mut_obj_add_val(doc, table, "columns", columns);
    yyjson_mut_obj_add_val(doc, table, "rows", rows);
    return table;
}

/* As they are read: where from, of which day, and what is wrong with them. */
static yyjson_mut_val *documents_list(yyjson_mut_doc *doc, struct pm_arena *arena,
                                      struct pm_guide *guide)
{
    yyjson_mut_val *list = yyjson_mut_arr(doc);
    for (const char *const *name = pm_guide_names(guide); *name; name++) {
        const struct pm_document *document = pm_guide_document(guide, pm_str_from(*name));
        yyjson_mut_val *row = yyjson_mut_arr_add_obj(doc, list);
        yyjson_mut_obj_add_val(doc, row, "name", clean_text(doc, arena, document->name));
        yyjson_mut_obj_add_str(doc, row, "from", document->is_built_in ? "built in" : "folder");
        if (document->as_of.len) {
            yyjson_mut_obj_add_val(doc, row, "as_of", clean_text(doc, arena, document->as_of));
        }
        if (document->problem.len) {
            yyjson_mut_obj_add_val(doc, row, "problem", clean_text(doc, arena, document->problem));
        }
    }
    return list;
}

static yyjson_mut_val *references_value(yyjson_mut_doc *doc, struct pm_arena *arena,
                                        const struct pm_config *config,
                                        struct pm_references *references)
{
    struct pm_guide *guide = pm_references_guide(references, config);
    pm_str folder = pm_guide_folder(guide);
    yyjson_mut_val *value = yyjson_mut_obj(doc);
    yyjson_mut_obj_add_val(doc, value, "folder",
                           folder.len ? clean_text(doc, arena, folder) : yyjson_mut_null(doc));
    yyjson_mut_obj_add_str(doc, value, "found_by", references->found_by);
    yyjson_mut_obj_add_val(doc, value, "documents", documents_list(doc, arena, guide));
    return value;
}

static yyjson_mut_val *libraries(yyjson_mut_doc *doc)
{
    yyjson_mut_val *versions = yyjson_mut_obj(doc);
    yyjson_mut_obj_add_str(doc, versions, "libcurl", pm_net_library_version());
    yyjson_mut_obj_add_str(doc, versions, "libyaml", pm_yaml_library_version());
    yyjson_mut_obj_add_str(doc, versions, "libcmark", pm_guide_library_version());
    yyjson_mut_obj_add_str(doc, versions, "yyjson", YYJSON_VERSION_STRING);
    yyjson_mut_obj_add_str(doc, versions, "libsodium", pm_pda_library_version());
    yyjson_mut_obj_add_str(doc, versions, "libzstd", pm_zstd_library_version());
    yyjson_mut_obj_add_str(doc, versions, "sqlite", pm_store_library_version());
    return versions;
}

pm_str pm_info_write(struct pm_arena *arena, const struct pm_config *config,
                     struct pm_references *references)
{
    yyjson_alc allocator = pm_json_alc(arena);
    yyjson_mut_doc *doc = yyjson_mut_doc_new(&allocator);
    yyjson_mut_val *root = doc ? yyjson_mut_obj(doc) : NULL;
    if (!root) {
        return PM_STR("");
    }
    yyjson_mut_doc_set_root(doc, root);
    yyjson_mut_obj_add_str(doc, root, "summary",
                           "psyche-monitor " PSYCHE_MONITOR_VERSION
                           ": its settings and where each came from [local].");
    yyjson_mut_obj_add_bool(doc, root, "success", true);
    yyjson_mut_obj_add_str(doc, root, "schema", PM_SCHEMA);
    yyjson_mut_obj_add_str(doc, root, "action", "info");
    yyjson_mut_obj_add_bool(doc, root, "found", true);
    yyjson_mut_obj_add_str(doc, root, "source", pm_source_label(PM_SOURCE_LOCAL));
    yyjson_mut_obj_add_str(doc, root, "version", PSYCHE_MONITOR_VERSION);
    yyjson_mut_obj_add_int(doc, root, "abi", PSYCHE_MONITOR_ABI);
    yyjson_mut_obj_add_str(doc, root, "build", pm_source_stamp);
    yyjson_mut_obj_add_val(doc, root, "libraries", libraries(doc));
    if (config->file.len) {
        yyjson_mut_obj_add_val(doc, root, "config_file", clean_text(doc, arena, config->file));
    } else {
        yyjson_mut_obj_add_null(doc, root, "config_file");
    }
    yyjson_mut_obj_add_val(doc, root, "references",
                           references_value(doc, arena, config, references));
    yyjson_mut_obj_add_val(doc, root, "settings", settings_table(doc, arena, config));
    size_t len = 0;
    const char *text = yyjson_mut_write_opts(doc, 0, &allocator, &len, NULL);
    return text && !arena->failed ? (pm_str){text, len} : PM_STR("");
}
