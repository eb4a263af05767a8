/* shard.c - what the name of a file says of the weights in it. */

#include "codec/shard.h"

#define DIGITS_LEAST 5
#define DIGITS_MOST 6

/* --- formats --- */

enum where { WHOLE, BEGINS, HAS };

/* The first row that fits counts: the name's extension, and what its name must be like. */
static const struct {
    pm_str extension;
    enum where where;
    pm_str name; /* of the file, without folders */
    enum pm_weight_format format;
} rows[] = {
    {PM_STR_INIT(".safetensors"), WHOLE, PM_STR_INIT("adapter_model.safetensors"),
     PM_WEIGHTS_ADAPTER},
    {PM_STR_INIT(".bin"), WHOLE, PM_STR_INIT("adapter_model.bin"), PM_WEIGHTS_ADAPTER},
    {PM_STR_INIT(".safetensors"), BEGINS, PM_STR_INIT("consolidated"), PM_WEIGHTS_ORIGINAL},
    {PM_STR_INIT(".pth"), BEGINS, PM_STR_INIT("consolidated"), PM_WEIGHTS_ORIGINAL},
    {PM_STR_INIT(".pt"), BEGINS, PM_STR_INIT("consolidated"), PM_WEIGHTS_ORIGINAL},
    {PM_STR_INIT(".safetensors"), HAS, PM_STR_INIT(""), PM_WEIGHTS_SAFETENSORS},
    {PM_STR_INIT(".bin"), HAS, PM_STR_INIT("pytorch_model"), PM_WEIGHTS_PYTORCH},
    {PM_STR_INIT(".bin"), HAS, PM_STR_INIT("model"), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".gguf"), BEGINS, PM_STR_INIT("mmproj"), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".gguf"), HAS, PM_STR_INIT(""), PM_WEIGHTS_GGUF},
    {PM_STR_INIT(".pt"), BEGINS, PM_STR_INIT("optimizer"), PM_WEIGHTS_NONE},
    {PM_STR_INIT(".pt"), BEGINS, PM_STR_INIT("scheduler"), PM_WEIGHTS_NONE},
    {PM_STR_INIT(".pt"), BEGINS, PM_STR_INIT("scaler"), PM_WEIGHTS_NONE},
    {PM_STR_INIT(".pth"), BEGINS, PM_STR_INIT("rng_state"), PM_WEIGHTS_NONE},
    {PM_STR_INIT(".pt"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".pth"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".h5"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".msgpack"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".ckpt"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".onnx"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
    {PM_STR_INIT(".nemo"), HAS, PM_STR_INIT(""), PM_WEIGHTS_OTHER},
};

static bool is_named(size_t row, pm_str name)
{
    return rows[row].where == WHOLE    ? pm_str_equal(name, rows[row].name)
           : rows[row].where == BEGINS ? pm_str_starts(name, rows[row].name)
                                       : pm_str_has_nocase(name, rows[row].name);
}

static pm_str file_name(pm_str path)
{
    size_t slash = pm_str_find_last(path, '/');
    return slash < path.len ? pm_str_tail(path, slash + 1) : path;
}

enum pm_weight_format pm_weight_format_of(pm_str path)
{
    enum pm_weight_format format = PM_WEIGHTS_NONE;
    pm_str name = file_name(path), extension = pm_str_tail(name, pm_str_find_last(name, '.'));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (extension.len == rows[i].extension.len &&
            pm_str_equal_nocase(extension, rows[i].extension) && is_named(i, name)) {
            format = rows[i].format;
            break;
        }
    }
    bool is_copy = pm_str_starts(path, PM_STR("original/"));
    return is_copy && format != PM_WEIGHTS_NONE ? PM_WEIGHTS_ORIGINAL : format;
}

/* --- numbered parts --- */

static size_t count_digits_at_end(pm_str text)
{
    size_t count = 0;
    while (count < text.len && text.ptr[text.len - 1 - count] >= '0' &&
           text.ptr[text.len - 1 - count] <= '9') {
        count++;
    }
    return count;
}

/* Takes five or six digits and a dash or underscore before them off the end. */
static bool take_number(pm_str *text, unsigned *number)
{
    uint64_t value;
    size_t digits = count_digits_at_end(*text);
    size_t begin = text->len - digits;
    if (digits < DIGITS_LEAST || digits > DIGITS_MOST || begin == 0 ||
        (text->ptr[begin - 1] != '-' && text->ptr[begin - 1] != '_') ||
        !pm_str_to_u64(pm_str_tail(*text, begin), &value)) {
        return false;
    }
    *number = (unsigned)value;
    *text = pm_str_slice(*text, 0, begin - 1);
    return true;
}

static bool take_of(pm_str *text)
{
    if (!pm_str_ends_nocase(*text, PM_STR("-of")) && !pm_str_ends_nocase(*text, PM_STR("_of"))) {
        return false;
    }
    *text = pm_str_slice(*text, 0, text->len - 3);
    return true;
}

bool pm_shard_read(pm_str path, struct pm_shard *out)
{
    struct pm_shard shard = {0};
    size_t dot = pm_str_find_last(path, '.');
    pm_str rest = pm_str_slice(path, 0, dot);
    shard.extension = pm_str_tail(path, dot);
    if (!take_number(&rest, &shard.of) || !take_of(&rest) || !take_number(&rest, &shard.number) ||
        shard.number == 0 || shard.number > shard.of || file_name(rest).len == 0) {
        return false;
    }
    shard.stem = rest;
    shard.format = pm_weight_format_of(path);
    *out = shard;
    return shard.format != PM_WEIGHTS_NONE;
}
