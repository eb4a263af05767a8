/* test_fork.c - a process that was forked while the library was in use, and what its child may do.
 *
 * Here rather than from Python alone, so that it runs under the sanitizers: a lock that another
 * thread held at the fork is held in the child for ever, and memory of threads that are not there
 * any more is nobody's to free. */

#include "psyche_monitor.h"

#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 20
#define THREADS 4
#define CHILD_S 20

/* Nobody listens there, so that calls end soon and the network thread is at work. */
static const char options[] =
    "{\"store\":false,\"override\":{\"dashboard.url\":\"http://127.0.0.1:9\","
    "\"rpc.off\":\"true\",\"hub.off\":\"true\"}}";

/* A sanitizer's own allocator does not outlive a fork in the middle of an allocation, as the C
 * library's does: under one, forks wait until no call is under way. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FORKS_WAIT true
#else
#define FORKS_WAIT false
#endif
#define SETTLE_US 3000 /* until the network thread has nothing to do either */

enum ending { CHILD_OK, CHILD_NOT_REFUSED, CHILD_NO_HANDLE, CHILD_NO_ANSWER };

static atomic_bool is_over;
static atomic_uint calls, failures;
static pthread_rwlock_t pause_lock = PTHREAD_RWLOCK_INITIALIZER;

static psyche_monitor *open_handle(void)
{
    return psyche_monitor_open(options, sizeof options - 1);
}

/* Whether the answer has these words. */
static bool answers(psyche_monitor *monitor, const char *request, const char *words)
{
    psyche_monitor_reply *reply = psyche_monitor_call(monitor, request, strlen(request));
    bool has_words = strstr(psyche_monitor_reply_text(reply, NULL), words) != NULL;
    psyche_monitor_reply_free(reply);
    return has_words;
}

static void *keep_calling(void *monitor)
{
    while (!atomic_load(&is_over)) {
        (void)pthread_rwlock_rdlock(&pause_lock);
        bool is_answered = answers(monitor, "{\"action\":\"list_runs\"}", "\"no_source\"");
        (void)pthread_rwlock_unlock(&pause_lock);
        atomic_fetch_add(is_answered ? &calls : &failures, 1);
        (void)usleep(2000);
    }
    return NULL;
}

static enum ending live(psyche_monitor *inherited)
{
    bool is_refused = answers(inherited, "{\"action\":\"list_runs\"}", "\"forked\"");
    psyche_monitor_cancel(inherited, NULL, 0);
    psyche_monitor_close(inherited);
    if (!is_refused) {
        return CHILD_NOT_REFUSED;
    }
#ifndef __SANITIZE_THREAD__ /* which lets no child of a process with threads begin one */
    psyche_monitor *own = open_handle();
    if (!own) {
        return CHILD_NO_HANDLE;
    }
    bool is_answered = answers(own, "{\"action\":\"list_runs\"}", "\"no_source\"");
    psyche_monitor_close(own);
    return is_answered ? CHILD_OK : CHILD_NO_ANSWER;
#else
    return CHILD_OK;
#endif
}

static void fork_once(psyche_monitor *monitor, int number)
{
    int status = -1;
    if (FORKS_WAIT) {
        (void)pthread_rwlock_wrlock(&pause_lock);
        (void)usleep(SETTLE_US);
    }
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(CHILD_S);
        _exit(live(monitor));
    }
    if (FORKS_WAIT) {
        (void)pthread_rwlock_unlock(&pause_lock);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child, "fork %d", number);
    CHECK(WIFEXITED(status), "child %d was ended by signal %d", number, WTERMSIG(status));
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == CHILD_OK, "child %d ended with %d", number,
          WEXITSTATUS(status));
}

static void test_forks_during_calls(void)
{
    pthread_t threads[THREADS];
    psyche_monitor *monitor = open_handle();
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, keep_calling, monitor) == 0, "thread %d", i);
    }
    for (int i = 0; i < FORKS; i++) {
        fork_once(monitor, i);
    }
    atomic_store(&is_over, true);
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    CHECK(atomic_load(&failures) == 0, "%u calls of the parent failed", atomic_load(&failures));
    CHECK(atomic_load(&calls) >= THREADS, "%u calls beside the forks", atomic_load(&calls));
    psyche_monitor_close(monitor);
}

/* A handle made before a fork, and none of its threads: the parent's first call comes after it. */
static void test_fork_before_calls(void)
{
    psyche_monitor *monitor = open_handle();
    fork_once(monitor, FORKS);
    CHECK(answers(monitor, "{\"action\":\"list_runs\"}", "\"no_source\""), "the parent goes on");
    psyche_monitor_close(monitor);
}

int main(void)
{
    test_fork_before_calls();
    test_forks_during_calls();
    return check_done();
}
