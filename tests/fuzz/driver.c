/* driver.c - runs a fuzz target without libFuzzer.
 *
 *   fuzz_json FILE|FOLDER...               each input once; `N passed, 0 failed`
 *   fuzz_json --spoil BYTES FILE|FOLDER... each input cut, and one byte of it changed, at every place
 *                                          of the first 4096 and at 2000 others, as long as all of
 *                                          them together stay below so many bytes
 *   fuzz_json --mutate SECONDS [--seed N] [--dict FILE] [--keep PREFIX] FILE|FOLDER...
 *                                          inputs changed at random, until the time is over
 *
 * Mutation is blind: it does not see which code an input reaches, as clang's libFuzzer does. An
 * input that ends the target is named or, when it was made here, written to PREFIX and its number.
 */

#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define INPUT_MOST ((size_t)1 << 16) /* of those made here; files are replayed whole */
#define INPUTS_MOST 4096
#define WORDS_MOST 256
#define WORD_MOST 64
#define ONE_INPUT_S 20
#define PATH_ROOM 1024

struct input {
    char *path; /* or NULL: made here */
    uint8_t *bytes;
    size_t size;
};

static struct input inputs[INPUTS_MOST];
static size_t input_count;
static struct {
    char bytes[WORD_MOST];
    size_t len;
} words[WORDS_MOST];
static size_t word_count;

/* --- the input that is being run, for whoever ends the program --- */

static const struct input *running;
static char keep_path[PATH_ROOM];

static void say(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));
    (void)written;
}

static void name_running(void)
{
    const struct input *input = running;
    running = NULL;
    if (!input) {
        return;
    }
    say("FAIL the input is ");
    say(input->path ? input->path : keep_path);
    say("\n");
    if (!input->path) {
        int file = open(keep_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        ssize_t written = file < 0 ? 0 : write(file, input->bytes, input->size);
        (void)written;
    }
}

static void take_signal(int number)
{
    name_running();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* Sanitizers end a program by themselves, and call this first. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void watch(void)
{
    static const int numbers[] = {SIGABRT, SIGALRM, SIGILL, SIGFPE};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)signal(numbers[i], take_signal);
    }
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(name_running);
    }
}

static void run(const struct input *input)
{
    running = input;
    (void)alarm(ONE_INPUT_S);
    (void)LLVMFuzzerTestOneInput(input->bytes, input->size);
    (void)alarm(0);
    running = NULL;
}

/* --- files --- */

static void give_up(const char *what, const char *path)
{
    printf("FAIL %s %s\n0 passed, 1 failed\n", what, path);
    exit(1);
}

static void *take(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1); /* a sanitizer watches both its ends */
    if (!memory) {
        abort();
    }
    return memory;
}

static void load_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (!file || input_count == INPUTS_MOST) {
        give_up(file ? "too many inputs, at" : "cannot read", path);
        return;
    }
    struct input *input = &inputs[input_count++];
    *input = (struct input){strdup(path), take(size), size};
    if (fread(input->bytes, 1, size, file) != size || !input->path) {
        give_up("cannot read", path);
    }
    (void)fclose(file);
}

static int is_entry(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void load(const char *path)
{
    struct stat info;
    struct dirent **entries;
    char inner[PATH_ROOM];
    if (stat(path, &info) != 0) {
        give_up("there is no", path);
    }
    if (!S_ISDIR(info.st_mode)) {
        load_file(path, (size_t)info.st_size);
        return;
    }
    int count = scandir(path, &entries, is_entry, alphasort);
    for (int i = 0; i < count; i++) {
        (void)snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        load(inner);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

/* A line "…" of a dictionary, with \xNN, \\ and \" in it. */
static void load_word(const char *line)
{
    const char *from = strchr(line, '"'), *end = strrchr(line, '"');
    if (line[0] == '#' || !from || word_count == WORDS_MOST) {
        return;
    }
    size_t len = 0;
    for (from++; from < end && len < WORD_MOST; from++) {
        char c = *from;
        if (c == '\\' && from[1] == 'x') {
            char hex[3] = {from[2], from[2] ? from[3] : '\0', '\0'};
            c = (char)(unsigned char)strtoul(hex, NULL, 16);
            from += 3;
        } else if (c == '\\') {
            c = *++from;
        }
        words[word_count].bytes[len++] = c;
    }
    words[word_count++].len = len;
}

static void load_words(const char *path)
{
    char line[512];
    FILE *file = fopen(path, "r");
    if (!file) {
        return; /* not every target has one */
    }
    while (fgets(line, sizeof line, file)) {
        load_word(line);
    }
    (void)fclose(file);
}

/* --- changing inputs --- */

static uint64_t state = 1;

/* xorshift64* */
static uint64_t next_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(0x2545F4914F6CDD1D);
}

static size_t below(size_t end)
{
    return end ? (size_t)(next_random() % end) : 0;
}

struct draft {
    uint8_t bytes[INPUT_MOST];
    size_t size;
};

/* Puts `len` bytes in the place of `gone` ones. */
static void exchange(struct draft *draft, size_t at, size_t gone, const void *from, size_t len)
{
    if (draft->size - gone + len > INPUT_MOST) {
        return;
    }
    memmove(draft->bytes + at + len, draft->bytes + at + gone, draft->size - at - gone);
    memcpy(draft->bytes + at, from, len);
    draft->size = draft->size - gone + len;
}

static void change_bit(struct draft *draft)
{
    if (draft->size) {
        draft->bytes[below(draft->size)] ^= (uint8_t)(1u << below(8));
    }
}

static void change_byte(struct draft *draft)
{
    static const char chosen[] = "{}[]\",:\\<>-+.eE0123456789 \n\t/%#@&*'|";
    if (draft->size) {
        size_t at = below(draft->size), one = below(sizeof chosen + 256);
        draft->bytes[at] = one < sizeof chosen ? (uint8_t)chosen[one] : (uint8_t)one;
    }
}

static void cut(struct draft *draft)
{
    size_t at = below(draft->size + 1), len = below(draft->size - at + 1);
    exchange(draft, at, below(4) ? len % 17 : len, "", 0);
}

static void repeat(struct draft *draft)
{
    uint8_t part[256];
    size_t at = below(draft->size + 1), len = below(draft->size - at + 1) % sizeof part;
    memcpy(part, draft->bytes + at, len);
    for (size_t times = 1 + below(8); times > 0; times--) {
        exchange(draft, at, 0, part, len);
    }
}

static void put_word(struct draft *draft)
{
    if (word_count) {
        size_t word = below(word_count), at = below(draft->size + 1);
        size_t gone = below(2) ? 0 : below(draft->size - at + 1) % 9;
        exchange(draft, at, gone, words[word].bytes, words[word].len);
    }
}

static void put_part_of_another(struct draft *draft)
{
    const struct input *other = &inputs[below(input_count)];
    size_t from = below(other->size + 1), len = below(other->size - from + 1);
    size_t at = below(draft->size + 1), gone = below(draft->size - at + 1);
    exchange(draft, at, below(2) ? gone : 0, other->bytes + from, len);
}

static void change(struct draft *draft)
{
    static void (*const ways[])(struct draft *) = {change_bit, change_byte, cut,
                                                   repeat,     put_word,    put_part_of_another};
    for (size_t times = (size_t)1 << below(6); times > 0; times--) {
        ways[below(sizeof ways / sizeof *ways)](draft);
    }
}

static unsigned long mutate(long seconds, const char *prefix)
{
    static struct draft draft;
    struct timespec now;
    unsigned long runs = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    time_t end = now.tv_sec + seconds;
    for (; now.tv_sec < end; runs++) {
        const struct input *from = &inputs[below(input_count)];
        draft.size = from->size < INPUT_MOST ? from->size : INPUT_MOST;
        memcpy(draft.bytes, from->bytes, draft.size);
        change(&draft);
        struct input made = {NULL, take(draft.size), draft.size};
        memcpy(made.bytes, draft.bytes, draft.size);
        (void)snprintf(keep_path, sizeof keep_path, "%s%lu", prefix, runs);
        run(&made);
        free(made.bytes);
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
    }
    return runs;
}

/* --- each place in turn --- */

#define PLACES_ALL 4096
#define PLACES_MORE 2000

static void run_spoiled(const struct input *from, size_t at, const char *prefix,
                        unsigned long number)
{
    struct input cut = {NULL, take(at), at}, changed = {NULL, take(from->size), from->size};
    memcpy(cut.bytes, from->bytes, at);
    memcpy(changed.bytes, from->bytes, from->size);
    changed.bytes[at] = (uint8_t)(from->bytes[at] ^ (1 + below(255)));
    (void)snprintf(keep_path, sizeof keep_path, "%s%lu", prefix, number);
    run(&cut);
    run(&changed);
    free(cut.bytes);
    free(changed.bytes);
}

/* Of a large input fewer places, evenly or at random. */
static unsigned long spoil(const struct input *from, size_t bytes_most, const char *prefix)
{
    size_t room = bytes_most / (from->size + 1), first = from->size, more = 0;
    if (first > PLACES_ALL) {
        first = PLACES_ALL;
        more = from->size - first < PLACES_MORE ? from->size - first : PLACES_MORE;
    }
    size_t step = room && room < first + more ? (first + more + room - 1) / room : 1;
    unsigned long places = 0;
    for (size_t at = 0; at < first; at += step) {
        run_spoiled(from, at, prefix, places++);
    }
    for (size_t i = 0; i < more; i += step) {
        run_spoiled(from, first + below(from->size - first), prefix, places++);
    }
    return places;
}

int main(int count, char **arguments)
{
    const char *prefix = "crash-";
    long seconds = 0;
    size_t spoil_bytes = 0;
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? arguments[i + 1] : "";
        if (strcmp(arguments[i], "--mutate") == 0) {
            seconds = strtol(value, NULL, 10);
        } else if (strcmp(arguments[i], "--spoil") == 0) {
            spoil_bytes = strtoull(value, NULL, 10);
        } else if (strcmp(arguments[i], "--seed") == 0) {
            state = strtoull(value, NULL, 10) * 2 + 1;
        } else if (strcmp(arguments[i], "--dict") == 0) {
            load_words(value);
        } else if (strcmp(arguments[i], "--keep") == 0) {
            prefix = value;
        } else {
            load(arguments[i]);
            continue;
        }
        i++;
    }
    watch();
    for (size_t i = 0; i < input_count; i++) {
        run(&inputs[i]);
    }
    if (input_count == 0) {
        give_up("no input", "");
    }
    unsigned long made = seconds > 0 ? mutate(seconds, prefix) : 0;
    for (size_t i = 0; i < input_count && spoil_bytes > 0; i++) {
        made += 2 * spoil(&inputs[i], spoil_bytes, prefix);
    }
    printf("%lu passed, 0 failed\n", (unsigned long)input_count + made);
    for (size_t i = 0; i < input_count; i++) {
        free(inputs[i].path);
        free(inputs[i].bytes);
    }
    return 0;
}
