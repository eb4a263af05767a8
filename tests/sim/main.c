/* main.c - psyche-sim: plays a server for tests and the demo, from a folder of replies.
 *
 * It listens on loopback only, says where in one line, and ends on SIGTERM, SIGINT or when
 * its time is up. */

#include "serve.h"
#include "text.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yyjson.h>

#define MOST_FAULTS 64
#define MOST_SECONDS 86400
#define EXIT_USAGE 2

struct options {
    struct sim_setup setup;
    struct sim_fault faults[MOST_FAULTS];
    const char *given_faults[MOST_FAULTS];
    size_t given_count;
    const char *cert_file, *key_file;
    int64_t port, latency_ms, max_seconds;
    yyjson_doc *scenario;
};

enum {
    PORT = 256,
    BIND,
    DATA,
    SERVER,
    PREFIX,
    LATENCY,
    FAULT,
    LOG,
    SECONDS,
    CERT,
    KEY,
    RELOAD,
    RPC,
    HUB,
    GENESIS,
    SLOT,
    HEALTH,
    REFUSE,
    HELP
};

static const struct option names[] = {
    {"port", required_argument, NULL, PORT},
    {"bind", required_argument, NULL, BIND},
    {"data", required_argument, NULL, DATA},
    {"server", required_argument, NULL, SERVER},
    {"prefix", required_argument, NULL, PREFIX},
    {"latency", required_argument, NULL, LATENCY},
    {"fault", required_argument, NULL, FAULT},
    {"log", required_argument, NULL, LOG},
    {"max-seconds", required_argument, NULL, SECONDS},
    {"tls-cert", required_argument, NULL, CERT},
    {"tls-key", required_argument, NULL, KEY},
    {"reload", no_argument, NULL, RELOAD},
    {"rpc", required_argument, NULL, RPC},
    {"hub", required_argument, NULL, HUB},
    {"genesis", required_argument, NULL, GENESIS},
    {"slot", required_argument, NULL, SLOT},
    {"health", required_argument, NULL, HEALTH},
    {"refuse", required_argument, NULL, REFUSE},
    {"help", no_argument, NULL, HELP},
    {0},
};

static void print_help(void)
{
    puts("usage: psyche-sim --data FOLDER [options]\n"
         "Plays the dashboard of psyche.network on loopback, from recorded replies, and Solana\n"
         "nodes from files of accounts: FOLDER/rpc is at /rpc, FOLDER/rpc-pool at /rpc-pool.\n"
         "Plays Hugging Face's hub at /hub and Google's storage at /gcs, from the folders of\n"
         "that name.\n"
         "  --data FOLDER       replies; index.json says which, or their names do\n"
         "  --server TEXT       only index entries whose server begins so\n"
         "  --reload            read the folder anew for each request\n"
         "  --port N            0, the default, takes a free one\n"
         "  --bind ADDRESS      127.0.0.1; loopback only\n"
         "  --prefix /api       the API only below it, the web page elsewhere\n"
         "  --latency MS        before every answer\n"
         "  --fault [PATHPREFIX=>]FAULT[+FAULT...]   may be given several times\n"
         "  --rpc [NAME=]FOLDER a further node, at /rpc or /NAME\n"
         "  --hub FOLDER        where hub/ and gcs/ are, instead of the data folder\n"
         "  --genesis HASH --slot N[,STEP] --health ok|unhealthy|SLOTS_BEHIND   of all nodes\n"
         "  --refuse METHOD=HOW 403, 410, 429, -32010, -32601, -32005, disabled...\n"
         "  --log FILE          a line a request\n"
         "  --max-seconds N     ends by itself; 600\n"
         "  --tls-cert FILE --tls-key FILE\n"
         "FOLDER/scenario.json may hold {\"server\":..., \"faults\":[...]}.\n"
         "Faults:");
    sim_fault_list(stdout);
}

static bool read_limited(const char *option, const char *text, int64_t least, int64_t most,
                         int64_t *out)
{
    if (!sim_read_number(text, out) || *out < least || *out > most) {
        fprintf(stderr, "psyche-sim: --%s takes a number from %lld to %lld, not \"%s\"\n", option,
                (long long)least, (long long)most, text);
        return false;
    }
    return true;
}

static bool has_room(size_t faults)
{
    if (faults == MOST_FAULTS) {
        fprintf(stderr, "psyche-sim: at most %d faults\n", MOST_FAULTS);
    }
    return faults < MOST_FAULTS;
}

/* Parsed later: the scenario's faults come first. */
static bool keep_fault(struct options *options, const char *text)
{
    if (!has_room(options->given_count)) {
        return false;
    }
    options->given_faults[options->given_count++] = text;
    return true;
}

static bool add_fault(struct options *options, const char *text)
{
    size_t *count = &options->setup.fault_count;
    if (!has_room(*count) || !sim_fault_parse(&options->faults[*count], text)) {
        return false;
    }
    ++*count;
    return true;
}

static bool keep_node(struct sim_rpc_setup *rpc, const char *folder)
{
    if (rpc->folder_count == SIM_NODES_MOST) {
        fprintf(stderr, "psyche-sim: at most %d nodes\n", SIM_NODES_MOST);
        return false;
    }
    rpc->folders[rpc->folder_count++] = folder;
    return true;
}

static bool take_option(struct options *options, int name, const char *value)
{
    struct sim_setup *setup = &options->setup;
    switch (name) {
    case PORT:
        return read_limited("port", value, 0, 65535, &options->port);
    case LATENCY:
        return read_limited("latency", value, 0, 3600000, &options->latency_ms);
    case SECONDS:
        return read_limited("max-seconds", value, 1, MOST_SECONDS, &options->max_seconds);
    case FAULT:
        return keep_fault(options, value);
    case BIND:
        setup->bind = value;
        return true;
    case DATA:
        setup->world.folder = value;
        return true;
    case SERVER:
        setup->world.server = value;
        return true;
    case PREFIX:
        setup->world.prefix = value;
        return true;
    case LOG:
        setup->log_file = value;
        return true;
    case CERT:
        options->cert_file = value;
        return true;
    case KEY:
        options->key_file = value;
        return true;
    case RELOAD:
        setup->reloads = true;
        return true;
    case RPC:
        return keep_node(&setup->world.rpc, value);
    case HUB:
        setup->world.hub_folder = value;
        return true;
    case GENESIS:
        setup->world.rpc.moods.genesis = value;
        return true;
    case SLOT:
        return sim_slot_parse(&setup->world.rpc.moods, value);
    case HEALTH:
        setup->world.rpc.moods.health = value;
        return true;
    case REFUSE:
        return sim_refusal_parse(&setup->world.rpc.moods, value);
    default:
        return false; /* getopt has said what is wrong */
    }
}

/* What is given on the command line is added to the scenario's faults and replaces its server. */
static bool read_scenario(struct options *options)
{
    struct sim_setup *setup = &options->setup;
    char *file = sim_format("%s/scenario.json", setup->world.folder);
    yyjson_read_err error = {0};
    options->scenario = yyjson_read_file(file, YYJSON_READ_NOFLAG, NULL, &error);
    yyjson_val *root = yyjson_doc_get_root(options->scenario), *one;
    bool is_good =
        options->scenario ? yyjson_is_obj(root) : error.code == YYJSON_READ_ERROR_FILE_OPEN;
    if (!is_good) {
        fprintf(stderr, "psyche-sim: %s: %s\n", file,
                options->scenario ? "not an object" : error.msg);
    }
    free(file);
    if (!setup->world.server) {
        setup->world.server = yyjson_get_str(yyjson_obj_get(root, "server"));
    }
    yyjson_arr_iter all = yyjson_arr_iter_with(yyjson_obj_get(root, "faults"));
    while (is_good && (one = yyjson_arr_iter_next(&all))) {
        const char *text = yyjson_get_str(one);
        is_good = add_fault(options, text ? text : "");
    }
    return is_good;
}

static bool add_given_faults(struct options *options)
{
    for (size_t i = 0; i < options->given_count; i++) {
        if (!add_fault(options, options->given_faults[i])) {
            return false;
        }
    }
    return true;
}

static bool read_pem(const char *file, char **text)
{
    char *bytes = NULL;
    size_t count = 0;
    if (file && !sim_file_read(file, &bytes, &count)) {
        fprintf(stderr, "psyche-sim: cannot read %s\n", file);
        return false;
    }
    *text = bytes;
    return true;
}

static bool complete(struct options *options)
{
    struct sim_setup *setup = &options->setup;
    if (!setup->world.folder) {
        fputs("psyche-sim: --data FOLDER is missing; see --help\n", stderr);
        return false;
    }
    if (!options->cert_file != !options->key_file) {
        fputs("psyche-sim: --tls-cert and --tls-key go together\n", stderr);
        return false;
    }
    setup->port = (uint16_t)options->port;
    setup->latency_ms = (uint64_t)options->latency_ms;
    setup->faults = options->faults;
    return read_scenario(options) && add_given_faults(options) &&
           read_pem(options->cert_file, &setup->tls_cert) &&
           read_pem(options->key_file, &setup->tls_key);
}

static void finish(struct options *options)
{
    for (size_t i = 0; i < options->setup.fault_count; i++) {
        sim_fault_finish(&options->faults[i]);
    }
    yyjson_doc_free(options->scenario);
    free(options->setup.tls_cert);
    free(options->setup.tls_key);
}

static void wait_for_end(const sigset_t *signals, int64_t seconds)
{
    struct timespec end, now;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)seconds;
    do {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        struct timespec left = {.tv_sec = end.tv_sec > now.tv_sec ? end.tv_sec - now.tv_sec : 0};
        if (sigtimedwait(signals, NULL, &left) >= 0) {
            return;
        }
    } while (errno == EINTR);
    printf("psyche-sim ends after %lld seconds\n", (long long)seconds);
}

int main(int count, char **arguments)
{
    struct options options = {.setup = {.bind = "127.0.0.1"}, .max_seconds = 600};
    int name;
    while ((name = getopt_long(count, arguments, "", names, NULL)) != -1) {
        if (name == HELP) {
            print_help();
            return 0;
        }
        if (!take_option(&options, name, optarg)) {
            return EXIT_USAGE;
        }
    }
    sigset_t signals; /* blocked before any thread starts, so that only main takes them */
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    bool is_complete = complete(&options);
    struct sim_server *server = is_complete ? sim_server_open(&options.setup) : NULL;
    if (server) {
        printf("psyche-sim listening on http%s://%s:%u\n", options.setup.tls_cert ? "s" : "",
               options.setup.bind, sim_server_port(server));
        (void)fflush(stdout);
        wait_for_end(&signals, options.max_seconds);
        sim_server_close(server);
    }
    finish(&options);
    return server ? 0 : is_complete ? 1 : EXIT_USAGE;
}
