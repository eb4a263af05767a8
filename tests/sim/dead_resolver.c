/* dead_resolver.c - a preload that decides what names mean, for tests.
 *
 * With LD_PRELOAD, getaddrinfo never returns for names below blackhole.test, as when no name
 * server answers; names below sim.test are 127.0.0.1, so that certificates can be tried with
 * real host names, and names below slow.test are that, too, after nine seconds. All other
 * names go to the real function. */

#include <dlfcn.h>
#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SLOW_US 9000000 /* longer than a request without callers runs on */

typedef int resolver(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static bool is_below(const char *name, const char *suffix)
{
    size_t name_bytes = name ? strlen(name) : 0, bytes = strlen(suffix);
    return name_bytes > bytes && strcasecmp(name + name_bytes - bytes, suffix) == 0;
}

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict found)
{
    while (is_below(name, ".blackhole.test")) {
        (void)pause();
    }
    resolver *real = NULL;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    memcpy(&real, &symbol, sizeof real); /* ISO C has no cast from void * to a function */
    if (!real) {
        return EAI_SYSTEM;
    }
    bool is_slow = is_below(name, ".slow.test");
    if (is_slow) {
        (void)usleep(SLOW_US);
    }
    bool is_here = is_slow || is_below(name, ".sim.test");
    return real(is_here ? "127.0.0.1" : name, service, hints, found);
}
