/* transfer.c - one request on libcurl: its options, its bytes, and whether its name is resolved. */

#include "net/inside.h"

#include "codec/json.h"
#include "codec/url.h"

#include <stdlib.h>
#include <string.h>

/* Never: libcurl's own limit on connecting would remove a transfer that still resolves, which
 * blocks. CONNECT_LIMIT_MS is kept by thread.c. */
#define NO_CONNECT_LIMIT_MS 0x7fffffffL

/* --- bytes --- */

/* Counts the bytes for every call that waits; false when one has had its share. What others sent too
 * much of is not held against a small reply. */
static bool count_bytes(struct transfer *transfer, size_t bytes)
{
    bool is_small = transfer->entry->body.len + bytes <= PM_BODY_SMALL, is_within = true;
    pthread_mutex_lock(&transfer->net->lock);
    for (struct pm_waiter *waiter = transfer->entry->waiters; waiter; waiter = waiter->next) {
        waiter->wait->body_bytes += bytes;
        is_within = is_within && waiter->wait->body_bytes <= PM_CALL_BODIES_MOST;
    }
    pthread_mutex_unlock(&transfer->net->lock);
    return is_within || is_small;
}

static size_t first_room(struct transfer *transfer)
{
    curl_off_t announced = -1;
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    bool is_sane = announced > 0 && announced <= (curl_off_t)PM_BODY_MOST;
    return (is_sane ? (size_t)announced : 16384) + PM_JSON_PADDING;
}

static bool make_room(struct transfer *transfer, size_t bytes)
{
    struct pm_entry *entry = transfer->entry;
    size_t needed = entry->body.len + bytes + PM_JSON_PADDING;
    size_t room = entry->body_room ? entry->body_room : first_room(transfer);
    while (room < needed) {
        room *= 2;
    }
    if (room == entry->body_room) {
        return true;
    }
    char *grown = realloc(entry->body.ptr, room);
    if (!grown) {
        return false;
    }
    entry->body.ptr = grown;
    entry->body_room = room;
    return true;
}

/* libcurl's write callback: any other answer than `bytes` ends the transfer. */
static size_t take_bytes(char *from, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;
    struct pm_entry *entry = transfer->entry;
    size_t bytes = size * count, kept = bytes;
    long http = 0;
    if (!entry) {
        return 0; /* parked: nobody wants it */
    }
    (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &http);
    if (http != 200) { /* the beginning is enough to know what was refused */
        size_t left = REFUSAL_BODY_MOST - entry->body.len;
        kept = bytes < left ? bytes : left;
    }
    if (entry->body.len + kept > PM_BODY_MOST || !count_bytes(transfer, kept)) {
        transfer->is_too_large = true;
        return 0;
    }
    if (!make_room(transfer, kept)) {
        transfer->is_out_of_memory = true;
        return 0;
    }
    memcpy(entry->body.ptr + entry->body.len, from, kept);
    entry->body.len += kept;
    return bytes;
}

/* "Location:" with something behind it. */
static bool names_place(pm_str line)
{
    const pm_str name = PM_STR("Location:");
    return pm_str_starts_nocase(line, name) && pm_str_trim(pm_str_tail(line, name.len)).len > 0;
}

/* libcurl's header callback, a line a call. One that is lost would be one that was not sent. */
static size_t take_header(char *from, size_t size, size_t count, void *user)
{
    struct transfer *transfer = user;
    struct pm_entry *entry = transfer->entry;
    if (entry) {
        pm_str line = {from, size * count};
        transfer->has_place = transfer->has_place || names_place(line);
        pm_headers_take(&entry->headers, &entry->header_arena, line);
        if (entry->header_arena.lacks_memory) {
            transfer->is_out_of_memory = true;
            return 0;
        }
    }
    return size * count;
}

/* --- how far it is --- */

/* A socket is asked for: the name has an address now. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = user;
    (void)purpose;
    transfer->has_resolved = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* A connection, new or kept, is about to carry the request. */
static int note_connected(void *user, char *far_address, char *near_address, int far_port,
                          int near_port)
{
    struct transfer *transfer = user;
    (void)far_address, (void)near_address, (void)far_port, (void)near_port;
    transfer->has_resolved = true;
    transfer->is_connected = true;
    return CURL_PREREQFUNC_OK;
}

/* --- options --- */

static bool set_protocols(CURL *easy)
{
#if PM_CURL_PROTOCOLS_STR
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK;
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS)) ==
           CURLE_OK;
#endif
}

static bool set_options(struct transfer *transfer)
{
    CURL *easy = transfer->easy;
    bool ok = set_protocols(easy);
#define SET(option, value) ok &= curl_easy_setopt(easy, (option), (value)) == CURLE_OK
    SET(CURLOPT_PRIVATE, (void *)transfer);
    SET(CURLOPT_ERRORBUFFER, transfer->words);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_ACCEPT_ENCODING, "");
    SET(CURLOPT_USERAGENT, "psyche-monitor");
    SET(CURLOPT_CONNECTTIMEOUT_MS, NO_CONNECT_LIMIT_MS);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)PM_BODY_MOST);
    SET(CURLOPT_BUFFERSIZE, 131072L);
    SET(CURLOPT_WRITEFUNCTION, take_bytes);
    SET(CURLOPT_WRITEDATA, (void *)transfer);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, (void *)transfer);
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, (void *)transfer);
    SET(CURLOPT_PREREQFUNCTION, note_connected);
    SET(CURLOPT_PREREQDATA, (void *)transfer);
    if (transfer->net->cacert) {
        SET(CURLOPT_CAINFO, transfer->net->cacert);
    }
#if PM_CURL_QUICK_EXIT
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
#undef SET
    return ok;
}

/* libcurl keeps a copy: a parked transfer may still send what no entry asks for any more. */
static bool set_body(struct transfer *transfer)
{
    pm_str asked = transfer->entry->body.asked;
    if (asked.len == 0) {
        return true;
    }
    CURL *easy = transfer->easy;
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)asked.len) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, asked.ptr) == CURLE_OK;
}

/* The token belongs to the hub: no redirect carries it anywhere else. */
static bool may_see_token(const struct transfer *transfer)
{
    struct pm_url hub, here;
    const char *problem = NULL;
    return transfer->net->hub_pass && transfer->entry->kind->carries_token &&
           pm_url_read(pm_str_from(transfer->net->hub_url), &hub, &problem) &&
           pm_url_read(pm_str_from(transfer->url), &here, &problem) &&
           pm_url_same_place(&hub, &here);
}

static bool add_header(struct transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    transfer->headers = longer ? longer : transfer->headers;
    return longer != NULL;
}

static bool set_headers(struct transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    return (transfer->entry->body.asked.len == 0 ||
            add_header(transfer, "Content-Type: application/json")) &&
           (!may_see_token(transfer) || add_header(transfer, transfer->net->hub_pass)) &&
           curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

/* libcurl 7.88, without memory for the query, asks without it, which is another question: what is
 * asked for is handed over apart. A proxy for plain http wants the whole address there, which
 * libcurl then makes. */
static bool set_target(struct transfer *transfer, const struct pm_url *url)
{
    bool has_proxy = pm_str_equal(url->scheme, PM_STR("http")) &&
                     (getenv("http_proxy") || getenv("all_proxy") || getenv("ALL_PROXY"));
    bool is_target = !has_proxy && pm_str_starts(url->path, PM_STR("/"));
    const char *target = is_target ? url->path.ptr : NULL; /* the end of transfer->url */
    return curl_easy_setopt(transfer->easy, CURLOPT_REQUEST_TARGET, target) == CURLE_OK;
}

bool pm_transfer_begin(struct transfer *transfer)
{
    if (!transfer->easy) {
        transfer->easy = curl_easy_init();
        if (!transfer->easy || !set_options(transfer) || !set_body(transfer)) {
            return false;
        }
    }
    struct pm_url url = {0};
    const char *problem = NULL;
    transfer->is_connected = false;
    transfer->has_place = false;
    transfer->words[0] = '\0';
    transfer->has_resolved =
        pm_url_read(pm_str_from(transfer->url), &url, &problem) && pm_url_is_address(&url);
    transfer->began_mono_ms = pm_clock_mono_ms();
    transfer->tries++;
    pm_entry_begin(transfer->entry);
    /* A second try does not begin where the first one ended. */
    if (!set_headers(transfer) ||
        curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->url) != CURLE_OK ||
        !set_target(transfer, &url) ||
        curl_easy_setopt(transfer->easy, CURLOPT_FRESH_CONNECT, transfer->tries > 1 ? 1L : 0L) !=
            CURLE_OK ||
        curl_multi_add_handle(transfer->net->multi, transfer->easy) != CURLM_OK) {
        return false;
    }
    transfer->is_running = true;
    return true;
}

void pm_transfer_stop(struct transfer *transfer)
{
    if (transfer->is_running) {
        (void)curl_multi_remove_handle(transfer->net->multi, transfer->easy);
        transfer->is_running = false;
    }
}

void pm_transfer_free(struct transfer *transfer)
{
    pm_transfer_stop(transfer);
    if (transfer->easy) {
        curl_easy_cleanup(transfer->easy);
    }
    curl_slist_free_all(transfer->headers);
    free(transfer->url);
    free(transfer);
}
