/* test_hub_rules.c - replies of the hub written by hand, one for each rule of reading them. */

#include "source/hub_inside.h"

#include "check.h"
#include "hub_words.h"
#include "recording.h"

#include <string.h>

#define OK "HTTP/1.1 200 OK\r\n"
#define ARENA_BYTES ((size_t)8 << 20)
#define ID(digit) "\"" digit "123456789abcdef0123456789abcdef01234567\""

static struct recording read_with(const struct pm_kind *kind, const char *lines, const char *body)
{
    return recording_of(kind, lines, pm_str_from(body), ARENA_BYTES);
}

/* --- refusals --- */

#define GONE "{\"error\":\"Invalid username or password.\"}"

static const struct {
    const char *what;
    const struct pm_kind *kind;
    const char *lines, *body, *want;
} refusals[] = {
    {"without an account", MODEL, "HTTP/1.1 401 Unauthorized\r\n", GONE, "missing or private"},
    {"without a body", TREE, "HTTP/2 401 \r\n", "", "missing or private"},
    {"an older form", MODEL, "HTTP/1.1 401 U\r\nX-Error-Code: RepoNotFound\r\n", "",
     "missing or private"},
    {"with an account", COMMITS, "HTTP/1.1 404 N\r\nx-error-code: reponotfound\r\n", "",
     "missing or private"},
    {"a token it does not know", MODEL,
     "HTTP/1.1 401 U\r\nX-Error-Message: Invalid credentials in Authorization header\r\n", GONE,
     "bad token"},
    {"the same in the body alone", MODEL, "HTTP/1.1 401 U\r\n",
     "{\"error\":\"Invalid credentials in Authorization header\"}", "bad token"},
    {"gated goes before 401", COMMITS, "HTTP/1.1 401 U\r\nX-Error-Code: GatedRepo\r\n", GONE,
     "gated"},
    {"a revision", TREE, "HTTP/1.1 404 N\r\nX-Error-Code: RevisionNotFound\r\n", "<html>",
     "no revision"},
    {"a file", INDEX, "HTTP/1.1 404 N\r\nX-Error-Code: EntryNotFound\r\n", "Entry not found",
     "no file"},
    {"disabled, by its words", INDEX, "HTTP/1.1 403 F\r\n", "Access to this resource is disabled.",
     "disabled"},
    {"disabled, in JSON", MODEL, "HTTP/1.1 403 F\r\n",
     "{\"error\":\"Access to this resource is disabled.\"}", "disabled"},
    {"a missing one by its words alone", MODEL,
     "HTTP/1.1 404 N\r\nX-Error-Message: Repository not found\r\n", "", "missing or private"},
    {"a revision by its words alone", MODEL, "HTTP/1.1 404 N\r\n",
     "{\"error\":\"Invalid rev id: v9\"}", "no revision"},
    {"a file by its words alone", INDEX, "HTTP/1.1 404 N\r\n", "Entry not found", "no file"},
    {"gated by its words alone", INDEX, "HTTP/1.1 401 U\r\n",
     "Access to model a/b is restricted. You must have access to it.", "gated"},
    {"gated for this account", INDEX, "HTTP/1.1 403 F\r\n",
     "Access to model a/b is restricted and you are not in the authorized list.", "gated"},
    {"403 with a reason", MODEL, "HTTP/1.1 403 F\r\n", "{\"error\":\"You may not\"}",
     "http_status: HTTP 403: You may not"},
    {"404 of no known kind", MODEL, "HTTP/1.1 404 N\r\n", "{\"error\":[\"a\",\"b\"]}",
     "http_status: HTTP 404: a"},
    {"401 of what stands in front", MODEL, "HTTP/1.1 401 U\r\n", "<html>log in</html>",
     "http_status: HTTP 401"},
    {"the third form of an error", TREE, "HTTP/1.1 400 B\r\n",
     "{\"errors\":[{\"message\":\"limit\"}]}", "http_status: HTTP 400: limit"},
    {"an empty one", TREE, "HTTP/1.1 410 G\r\n", "", "http_status: HTTP 410"},
    {"two lines are no message", INDEX, "HTTP/1.1 400 B\r\n", "a\nb", "http_status: HTTP 400"},
    {"JSON of another form", INDEX, "HTTP/1.1 400 B\r\n", "{\"a\":1}", "http_status: HTTP 400"},
    {"a search is about no repository", SEARCH, "HTTP/1.1 401 U\r\n", GONE,
     "http_status: HTTP 401: Invalid username or password."},
    {"load", SEARCH, "HTTP/1.1 429 T\r\n", GONE, "http_status: not decoded"},
    {"an outage", SEARCH, "HTTP/1.1 503 T\r\n", GONE, "http_status: not decoded"},
};

static void test_refusals(void)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct recording got = read_with(refusals[i].kind, refusals[i].lines, refusals[i].body);
        check_line(refusals[i].kind, &got, refusals[i].want, refusals[i].what);
        recording_drop(&got);
    }
}

/* What is larger than any error object is not read. */
static void test_large_refusal(void)
{
    static char text[80 << 10];
    int len = snprintf(text, sizeof text, "{\"error\":\"boom\"%79900s}", "");
    struct recording got =
        recording_of(MODEL, "HTTP/1.1 400 B\r\n", (pm_str){text, (size_t)len}, ARENA_BYTES);
    check_line(MODEL, &got, "http_status: HTTP 400", "80 kB");
    recording_drop(&got);
    text[100] = '}';
    got = recording_of(MODEL, "HTTP/1.1 400 B\r\n", (pm_str){text, 101}, ARENA_BYTES);
    check_line(MODEL, &got, "http_status: HTTP 400: boom", "the same, shorter");
    recording_drop(&got);
}

/* --- bodies that are no answer --- */

static const struct {
    const struct pm_kind *kind;
    const char *body, *want;
} no_answers[] = {
    {SEARCH, "<!doctype html>", "not_json: a web page came instead of JSON"},
    {INDEX, " <html>", "not_json: a web page came instead of JSON"},
    {MODEL, "", "not_json: not JSON at byte 0: empty text"},
    {SEARCH, "{}", "bad_reply: not an array"},
    {TREE, "null", "bad_reply: not an array"},
    {COMMITS, "{\"error\":\"boom\"}", "bad_reply: an error object with HTTP 200: boom"},
    {MODEL, "[]", "bad_reply: not an object"},
    {MODEL, "{\"error\":\"boom\"}", "bad_reply: an error object with HTTP 200: boom"},
    {MODEL, "{\"error\":\"We had to Rate Limit your IP (203.0.113.7)\"}",
     "rate_limited: asked too often, it says with HTTP 200"},
    {MODEL, "{}", "bad_reply: no text \"id\""},
    {MODEL, "{\"id\":7}", "bad_reply: no text \"id\""},
    {MODEL, "{\"id\":\"\"}", "bad_reply: no text \"id\""},
    {INDEX, "", "not_json: not JSON at byte 0: unexpected end of text"},
    {INDEX, "[1]", "bad_reply: not an object"},
    {INDEX, "7", "bad_reply: not an object"},
    {INDEX, "{}", "bad_reply: no object \"weight_map\""},
    {INDEX, "{\"weight_map\":[]}", "bad_reply: no object \"weight_map\""},
    {INDEX, "{\"weight_map\":{},\"weight_map\":1}", "bad_reply: no object \"weight_map\""},
    {INDEX, "{\"weight_map\":{}} x", "not_json: not JSON at byte 18: text follows the end"},
    {INDEX, "{\"weight_map\":{\"a\":}}", "not_json: not JSON at byte 19: a value is missing"},
};

static void test_no_answers(void)
{
    for (size_t i = 0; i < sizeof no_answers / sizeof *no_answers; i++) {
        struct recording got = read_with(no_answers[i].kind, OK, no_answers[i].body);
        check_line(no_answers[i].kind, &got, no_answers[i].want, no_answers[i].body);
        recording_drop(&got);
    }
}

/* --- a model --- */

/* Whatever else is wrong, the id stays. */
static void test_wrong_types(void)
{
    static const char body[] =
        "{\"id\":\"a/b\",\"sha\":1,\"author\":[],\"library_name\":null,\"pipeline_tag\":{},"
        "\"cardData\":[],\"tags\":\"license:mit\",\"lastModified\":\"soon\",\"createdAt\":5,"
        "\"private\":\"no\",\"disabled\":1,\"gated\":7,\"downloads\":-1,\"likes\":1.5,"
        "\"usedStorage\":\"9\",\"safetensors\":7,\"siblings\":{\"a\":1}}";
    struct recording got = read_with(MODEL, OK, body);
    check_line(MODEL, &got,
               "a/b, sha ?, by ?, for ?, does ?, licence ?, modified ?, created ?, private ?, "
               "disabled ?, gate unknown, downloads ?, likes ?, storage ?, params ?, 0 files, 0 "
               "sized, 0 large, 0 bytes, no list",
               "wrong types");
    recording_drop(&got);
}

static void test_gates(void)
{
    static const struct {
        const char *value;
        enum pm_hub_gate want;
    } cases[] = {
        {"false", PM_HUB_GATE_NONE},        {"\"auto\"", PM_HUB_GATE_AUTO},
        {"\"manual\"", PM_HUB_GATE_MANUAL}, {"true", PM_HUB_GATE_OTHER},
        {"\"maybe\"", PM_HUB_GATE_OTHER},   {"null", PM_HUB_GATE_UNKNOWN},
        {"0", PM_HUB_GATE_UNKNOWN},         {"{}", PM_HUB_GATE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[64];
        (void)snprintf(body, sizeof body, "{\"id\":\"a/b\",\"gated\":%s}", cases[i].value);
        struct recording got = read_with(MODEL, OK, body);
        const struct pm_hub_model *model = got.facts;
        CHECK(model && model->gate == cases[i].want, "%s", cases[i].value);
        recording_drop(&got);
    }
}

static void check_model_text(const char *members, const char *what, const char *want, size_t offset)
{
    char body[512];
    (void)snprintf(body, sizeof body, "{\"id\":\"a/b\",%s}", members);
    struct recording got = read_with(MODEL, OK, body);
    CHECK(got.facts, "%s", what);
    if (got.facts) {
        CHECK_TEXT(*(const pm_str *)(const void *)((const char *)got.facts + offset),
                   pm_str_from(want), what);
    }
    recording_drop(&got);
}

static void test_licences(void)
{
    const size_t at = offsetof(struct pm_hub_model, licence);
    check_model_text("\"cardData\":{\"license\":\"mit\"},\"tags\":[\"license:x\"]",
                     "its card first", "mit", at);
    check_model_text("\"tags\":[1,\"a\",\"license:x\",\"license:y\"]", "a tag", "x", at);
    check_model_text("\"cardData\":{\"license\":\"other\",\"license_name\":\"own\"}",
                     "its own name", "own", at);
    check_model_text("\"cardData\":{\"license\":\"other\"}", "other", "other", at);
    check_model_text("\"cardData\":{\"license\":[\"a\"]}", "a list", "", at);
    check_model_text("\"modelId\":\"z\"", "the id goes before its older double", "a/b",
                     offsetof(struct pm_hub_model, id));
}

static void test_files(void)
{
    struct recording got = read_with(
        MODEL, OK,
        "{\"id\":\"a/b\",\"gguf\":{\"total\":5},\"siblings\":[{\"rfilename\":\"a\",\"size\":0},"
        "{\"rfilename\":\"b\",\"lfs\":{\"size\":5000000000}},{\"rfilename\":\"c\",\"size\":-1},"
        "{\"rfilename\":\"\",\"size\":1},{\"size\":1},null,{\"rfilename\":\"d\",\"size\":9e15}]}");
    check_line(MODEL, &got,
               "a/b, sha ?, by ?, for ?, does ?, licence ?, modified ?, created ?, private ?, "
               "disabled ?, gate unknown, downloads ?, likes ?, storage ?, params 5, 4 files, 3 "
               "sized, 1 large, 9000005000000000 bytes, last d",
               "files of all kinds");
    recording_drop(&got);
    got = read_with(MODEL, OK, "{\"id\":\"a/b\",\"siblings\":[]}");
    const struct pm_hub_model *model = got.facts;
    CHECK(model && model->has_files && model->has_all_sizes && model->file_count == 0,
          "a repository without files is not one without a list");
    recording_drop(&got);
}

/* --- lists --- */

static const struct {
    const char *what;
    const struct pm_kind *kind;
    const char *lines, *body, *want;
} lists[] = {
    {"rows without an id", SEARCH, OK, "[1,{\"id\":null},{\"id\":\"\"},null]",
     "0 models, 4 unreadable"},
    {"more hits", SEARCH,
     OK "Link: <https://huggingface.co/api/models?cursor=abc>; rel=\"next\"\r\n", "[]",
     "0 models, 0 unreadable, more"},
    {"a folder, a file, and what is neither", TREE, OK,
     "[{\"type\":\"directory\",\"path\":\"d\",\"size\":0},{\"type\":\"file\",\"path\":\"d/f\","
     "\"size\":3},{\"type\":\"unknown\",\"path\":\"u\"},{\"type\":\"file\",\"size\":1},7]",
     "tree, 3 unreadable, next ?, 1 files, 1 sized, 0 large, 3 bytes, last d/f"},
    {"kinds that are not known, and files all the same", TREE, OK,
     "[{\"type\":\"unknown\",\"path\":\"u\",\"size\":1},{\"type\":5,\"path\":\"v\",\"size\":\"x\","
     "\"lfs\":{\"size\":20}},{\"path\":\"w\",\"size\":300},{\"type\":null,\"path\":\"x\",\"size\":"
     "0}]",
     "tree, 1 unreadable, next ?, 3 files, 3 sized, 1 large, 321 bytes, last w"},
    {"a page of a tree", TREE,
     OK "Link: <https://elsewhere.example/tree/main?recursive=true&limit=2&cursor=ZX%3D>; "
        "rel=\"next\"\r\n",
     "[]", "tree, 0 unreadable, more, next ZX%3D, 0 files, 0 sized, 0 large, 0 bytes"},
    {"a next page that cannot be asked for", TREE,
     OK "Link: <https://h/tree/main?cursor=a\"b>; rel=\"next\"\r\n", "[]",
     "tree, 0 unreadable, more, next ?, 0 files, 0 sized, 0 large, 0 bytes"},
    {"links to other things", TREE, OK "Link: <https://h/x>; rel=\"xet-auth\"\r\n", "[]",
     "tree, 0 unreadable, next ?, 0 files, 0 sized, 0 large, 0 bytes"},
    {"a page of commits", COMMITS,
     OK "X-Total-Count: 13\r\nLink: <https://h/commits/main?p=1&limit=1>; rel=\"next\"\r\n",
     "[{\"id\":" ID("0") ",\"title\":\" Step 12 \",\"date\":\"2026-11-19T07:24:00.500Z\"}]",
     "1 commits, 1 steps, 0 unreadable, more, of 13: 0123456 \" Step 12 \", step 12, at "
     "2026-11-19T07:24:00Z"},
    {"rows that are no commits", COMMITS, OK "X-Total-Count: many\r\n",
     "[{\"id\":\"main\",\"title\":\"step 1\"},{\"title\":\"step 2\"},{\"id\":" ID(
         "A") "},3,{\"id\":" ID("9") ",\"title\":5,\"date\":[]}]",
     "1 commits, 0 steps, 4 unreadable, of ?: 9123456 \"\", step ?, at ?"},
};

static void test_lists(void)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct recording got = read_with(lists[i].kind, lists[i].lines, lists[i].body);
        check_line(lists[i].kind, &got, lists[i].want, lists[i].what);
        recording_drop(&got);
    }
}

/* A Link too long to keep says that there is more, though not where. */
static void test_long_link(void)
{
    char lines[PM_HEADER_LINK_MOST + 128];
    int start = snprintf(lines, sizeof lines, OK "Link: <https://h/x?cursor=");
    memset(lines + start, 'a', PM_HEADER_LINK_MOST);
    (void)snprintf(lines + start + PM_HEADER_LINK_MOST, 32, ">; rel=next\r\n");
    struct recording got = read_with(TREE, lines, "[]");
    check_line(TREE, &got, "tree, 0 unreadable, more, next ?, 0 files, 0 sized, 0 large, 0 bytes",
               "a long link");
    recording_drop(&got);
}

/* --- an index --- */

static const struct {
    const char *body, *want;
} indexes[] = {
    {"{\"metadata\":{\"total_size\":10,\"total_parameters\":\"5\"},\"dtype\":\"bf16\","
     "\"weight_map\":{\"b\":\"y\",\"a\":\"x\",\"c\":\"y\",\"d\":\"xx\"}}",
     "index, 4 tensors, 0 bad, total 10, 3 files x xx y"},
    {"\xEF\xBB\xBF {\"weight_map\":{}}\n", "index, 0 tensors, 0 bad, total ?, 0 files"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":null}",
     "index, 1 tensors, 0 bad, total ?, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":\"59905880064\"}}",
     "index, 1 tensors, 0 bad, total 59905880064, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":5.99e10}}",
     "index, 1 tensors, 0 bad, total 59900000000, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":1.5}}",
     "index, 1 tensors, 0 bad, total ?, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":-1}}",
     "index, 1 tensors, 0 bad, total ?, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":1e300}}",
     "index, 1 tensors, 0 bad, total ?, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":[1]}}",
     "index, 1 tensors, 0 bad, total ?, 1 files x"},
    {"{\"weight_map\":{\"a\":\"x\"},\"metadata\":{\"total_size\":7,\"total_size\":null}}",
     "index, 1 tensors, 0 bad, total ?, 1 files x"},
    {"{\"weight_map\":{\"a\":\"old\"},\"weight_map\":{\"a\":\"new\"}}",
     "index, 1 tensors, 0 bad, total ?, 1 files new"},
    {"{\"weight_map\":{\"a\":\"x\\u00e9/\\\"y\",\"b\":\"x\xC3\xA9/\\u0022y\"}}",
     "index, 2 tensors, 0 bad, total ?, 1 files x\xC3\xA9/\"y"},
    {"{\"weight_map\":{\"a\":\"x\\ud83d\\ude00\",\"b\":\"x\\ud83d\\ue000\",\"c\":\"x\\ude00\"}}",
     "index, 3 tensors, 0 bad, total ?, 3 files x\xED\xA0\xBD\xEE\x80\x80 x\xED\xB8\x80 "
     "x\xF0\x9F\x98\x80"},
    {"{\"weight_map\":{\"a\":\"../x\",\"b\":\"/x\",\"c\":\"x/\",\"d\":\"x//y\",\"e\":\"\","
     "\"f\":\"a%2e\",\"g\":\"a\\\\b\",\"h\":\"a/./b\",\"i\":\"..\",\"j\":7,\"k\":null,"
     "\"l\":{\"x\":1},\"m\":\"a\\u0000b\",\"n\":\"\\u12\",\"o\":\"..x\"}}",
     "index, 15 tensors, 14 bad, total ?, 1 files ..x"},
};

static void test_indexes(void)
{
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++) {
        struct recording got = read_with(INDEX, OK, indexes[i].body);
        check_line(INDEX, &got, indexes[i].want, indexes[i].body);
        recording_drop(&got);
    }
}

/* A name as long as any path may be, and one byte more. */
static void test_long_names(void)
{
    char text[1200];
    int start = snprintf(text, sizeof text, "{\"weight_map\":{\"a\":\"");
    memset(text + start, 'x', 513);
    (void)snprintf(text + start + 513, 40, "\",\"b\":\"y\"}}");
    struct recording got = read_with(INDEX, OK, text);
    check_line(INDEX, &got, "index, 2 tensors, 1 bad, total ?, 1 files y", "513 bytes");
    recording_drop(&got);
    memmove(text + start, text + start + 1, strlen(text + start));
    got = read_with(INDEX, OK, text);
    const struct pm_hub_index *index = got.facts;
    CHECK(index && index->bad_names == 0 && index->file_count == 2, "512 bytes");
    recording_drop(&got);
}

/* `count` tensors, each in a file of its own, named from the last one on. */
static struct recording read_crowd(size_t count)
{
    struct pm_arena arena;
    struct pm_buf text;
    pm_arena_init(&arena, (size_t)8 << 20);
    pm_buf_init(&text, &arena, (size_t)4 << 20);
    pm_buf_add_c(&text, "{\"weight_map\":{");
    for (size_t i = 0; i < count; i++) {
        pm_buf_addf(&text, "%s\"t%zu\":\"f%06zu\"", i ? "," : "", i, count - i);
    }
    pm_buf_add_c(&text, "}}");
    struct recording got = recording_of(INDEX, OK, pm_buf_text(&text), ARENA_BYTES);
    pm_arena_finish(&arena);
    return got;
}

static void test_many_files(void)
{
    struct recording got = read_crowd(PM_HUB_INDEX_FILES_MOST);
    check_line(INDEX, &got,
               "index, 10000 tensors, 0 bad, total ?, 10000 files f000001 f000002 f000003",
               "as many as are kept");
    const struct pm_hub_index *index = got.facts;
    size_t in_order = 1;
    while (index && in_order < index->file_count &&
           pm_str_compare(index->files[in_order - 1], index->files[in_order]) < 0) {
        in_order++;
    }
    CHECK(in_order == PM_HUB_INDEX_FILES_MOST, "in order up to %zu", in_order);
    recording_drop(&got);
    got = read_crowd(PM_HUB_INDEX_FILES_MOST + 1);
    check_line(INDEX, &got, "too_large: it names more than 10000 files", "one more");
    recording_drop(&got);
}

/* --- damage --- */

static const struct {
    const struct pm_kind *kind;
    const char *body;
} samples[] = {
    {SEARCH, "[{\"id\":\"a/b\",\"tags\":[\"license:mit\"],\"siblings\":[{\"rfilename\":\"x\"}]}]"},
    {MODEL, "{\"id\":\"a/b\",\"gated\":\"auto\",\"cardData\":{\"license\":\"mit\"},\"siblings\":"
            "[{\"rfilename\":\"x\",\"size\":5,\"lfs\":{\"size\":5}}]}"},
    {TREE,
     "[{\"type\":\"file\",\"path\":\"x\",\"size\":5},{\"type\":\"directory\",\"path\":\"y\"}]"},
    {COMMITS, "[{\"id\":" ID("0") ",\"title\":\"step 5\",\"date\":\"2026-11-19T07:24:00Z\"}]"},
    {INDEX, "{\"metadata\":{\"total_size\":5},\"weight_map\":{\"a\":\"x\\u0041\",\"b\":\"y\"}}"},
};

/* Cut anywhere, it is not JSON, and no byte past its end is looked at. */
static void test_truncation(void)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        pm_str whole = pm_str_from(samples[i].body);
        for (size_t len = 0; len < whole.len; len++) {
            struct recording got =
                recording_of(samples[i].kind, OK, pm_str_slice(whole, 0, len), ARENA_BYTES);
            CHECK(!got.facts && got.outcome.status == PM_STATUS_NOT_JSON, "%s cut to %zu bytes: %s",
                  samples[i].kind->name, len, got.outcome.problem);
            recording_drop(&got);
        }
    }
}

/* With any byte changed it may be anything, but is either facts or a reason. */
static void test_damage(void)
{
    static const char others[] = {'"', '{', ']', '0', '\\', '\0', '\xFF'};
    char text[256];
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        size_t consistent = 0, len = strlen(samples[i].body);
        for (size_t at = 0; at < len * sizeof others; at++) {
            memcpy(text, samples[i].body, len);
            text[at / sizeof others] = others[at % sizeof others];
            struct recording got =
                recording_of(samples[i].kind, OK, (pm_str){text, len}, ARENA_BYTES);
            bool is_ok = got.outcome.status == PM_STATUS_OK,
                 has_problem = got.outcome.problem[0] != '\0';
            consistent += (got.facts != NULL) == is_ok && has_problem == !is_ok;
            recording_drop(&got);
        }
        CHECK(consistent == len * sizeof others, "%s", samples[i].kind->name);
    }
}

/* Wherever memory ends, it is said so. */
static void test_memory_ends(void)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        size_t fitted = 0;
        for (size_t ceiling = 0; ceiling < 16384; ceiling += 64) {
            struct recording got =
                recording_of(samples[i].kind, OK, pm_str_from(samples[i].body), ceiling);
            CHECK(got.facts || got.outcome.status == PM_STATUS_TOO_LARGE, "%s in %zu bytes: %s",
                  samples[i].kind->name, ceiling, pm_status_word(got.outcome.status));
            fitted += got.facts != NULL;
            recording_drop(&got);
        }
        CHECK(fitted > 0, "%s fits at last", samples[i].kind->name);
    }
}

int main(void)
{
    test_refusals();
    test_large_refusal();
    test_no_answers();
    test_wrong_types();
    test_gates();
    test_licences();
    test_files();
    test_lists();
    test_long_link();
    test_indexes();
    test_long_names();
    test_many_files();
    test_truncation();
    test_damage();
    test_memory_ends();
    return check_done();
}
