/* test_shard.c - file names and the weights they stand for. */

#include "codec/shard.h"

#include "check.h"

static void test_formats(void)
{
    static const struct {
        const char *path;
        enum pm_weight_format want;
    } cases[] = {
        {"model.safetensors", PM_WEIGHTS_SAFETENSORS},
        {"model-00001-of-00014.safetensors", PM_WEIGHTS_SAFETENSORS},
        {"model.fp16.safetensors", PM_WEIGHTS_SAFETENSORS},
        {"checkpoint-200/model.safetensors", PM_WEIGHTS_SAFETENSORS},
        {"transformer/diffusion_pytorch_model.safetensors", PM_WEIGHTS_SAFETENSORS},
        {"pytorch_model.bin", PM_WEIGHTS_PYTORCH},
        {"pytorch_model-00001-of-00003.bin", PM_WEIGHTS_PYTORCH},
        {"unet/diffusion_pytorch_model.bin", PM_WEIGHTS_PYTORCH},
        {"orion-32b-Q4_K_M.gguf", PM_WEIGHTS_GGUF},
        {"Q8/orion-00001-of-00002.GGUF", PM_WEIGHTS_GGUF},
        {"mmproj-f16.gguf", PM_WEIGHTS_OTHER},
        {"adapter_model.safetensors", PM_WEIGHTS_ADAPTER},
        {"adapter_model.bin", PM_WEIGHTS_ADAPTER},
        {"consolidated.safetensors", PM_WEIGHTS_ORIGINAL},
        {"consolidated-00001-of-00002.safetensors", PM_WEIGHTS_ORIGINAL},
        {"consolidated.00.pth", PM_WEIGHTS_ORIGINAL},
        {"original/consolidated.00.pth", PM_WEIGHTS_ORIGINAL},
        {"original/model.safetensors", PM_WEIGHTS_ORIGINAL},
        {"original/params.json", PM_WEIGHTS_NONE},
        {"tf_model.h5", PM_WEIGHTS_OTHER},
        {"flax_model.msgpack", PM_WEIGHTS_OTHER},
        {"onnx/model.onnx", PM_WEIGHTS_OTHER},
        {"model.ckpt", PM_WEIGHTS_OTHER},
        {"weights.pt", PM_WEIGHTS_OTHER},
        {"weights.pth", PM_WEIGHTS_OTHER},
        {"m.nemo", PM_WEIGHTS_OTHER},
        {"checkpoint-200/optimizer.pt", PM_WEIGHTS_NONE},
        {"checkpoint-200/scheduler.pt", PM_WEIGHTS_NONE},
        {"checkpoint-200/rng_state_0.pth", PM_WEIGHTS_NONE},
        {"training_args.bin", PM_WEIGHTS_NONE},
        {"model.safetensors.index.json", PM_WEIGHTS_NONE},
        {"pytorch_model.bin.index.json", PM_WEIGHTS_NONE},
        {"adapter_config.json", PM_WEIGHTS_NONE},
        {"config.json", PM_WEIGHTS_NONE},
        {"tokenizer.model", PM_WEIGHTS_NONE},
        {"README.md", PM_WEIGHTS_NONE},
        {"safetensors", PM_WEIGHTS_NONE},
        {"a.safetensors/b.txt", PM_WEIGHTS_NONE},
        {"", PM_WEIGHTS_NONE},
        {"/", PM_WEIGHTS_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum pm_weight_format got = pm_weight_format_of(pm_str_from(cases[i].path));
        CHECK(got == cases[i].want, "%s: %d", cases[i].path, (int)got);
    }
}

static void test_parts(void)
{
    static const struct {
        const char *path;
        unsigned number, of;
        const char *stem, *extension;
        enum pm_weight_format format;
    } cases[] = {
        {"model-00003-of-00014.safetensors", 3, 14, "model", ".safetensors",
         PM_WEIGHTS_SAFETENSORS},
        {"a/b/model-00001-of-00001.safetensors", 1, 1, "a/b/model", ".safetensors",
         PM_WEIGHTS_SAFETENSORS},
        {"model_000001-of-000120.safetensors", 1, 120, "model", ".safetensors",
         PM_WEIGHTS_SAFETENSORS},
        {"pytorch_model-00002-of-00003.bin", 2, 3, "pytorch_model", ".bin", PM_WEIGHTS_PYTORCH},
        {"x-Q4_K-00001-of-00002.gguf", 1, 2, "x-Q4_K", ".gguf", PM_WEIGHTS_GGUF},
        {"consolidated-00001-of-00002.safetensors", 1, 2, "consolidated", ".safetensors",
         PM_WEIGHTS_ORIGINAL},
        {"m-99999-of-99999.safetensors", 99999, 99999, "m", ".safetensors", PM_WEIGHTS_SAFETENSORS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_shard shard = {0};
        CHECK(pm_shard_read(pm_str_from(cases[i].path), &shard), "%s", cases[i].path);
        CHECK(shard.number == cases[i].number && shard.of == cases[i].of, "%s: %u of %u",
              cases[i].path, shard.number, shard.of);
        CHECK(shard.format == cases[i].format, "%s", cases[i].path);
        CHECK_TEXT(shard.stem, pm_str_from(cases[i].stem), cases[i].path);
        CHECK_TEXT(shard.extension, pm_str_from(cases[i].extension), cases[i].path);
    }
}

static void test_no_parts(void)
{
    static const char *const cases[] = {
        "model.safetensors",
        "model-00000-of-00014.safetensors",
        "model-00015-of-00014.safetensors",
        "model-00001-of-00000.safetensors",
        "model-0001-of-0014.safetensors",
        "model-0000001-of-0000014.safetensors",
        "model-00001-of-00014.json",
        "model-00001-of-00014",
        "model-00001_00014.safetensors",
        "model-00001-to-00014.safetensors",
        "00001-of-00014.safetensors",
        "-00001-of-00014.safetensors",
        "a/-00001-of-00014.safetensors",
        "model-x0001-of-00014.safetensors",
        "model-00001-of-00014.safetensors.index.json",
        "",
        ".safetensors",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pm_shard shard;
        CHECK(!pm_shard_read(pm_str_from(cases[i]), &shard), "%s", cases[i]);
    }
}

int main(void)
{
    test_formats();
    test_parts();
    test_no_parts();
    return check_done();
}
