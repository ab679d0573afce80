/* What a power cut leaves of a folder. Preloaded into a program, it copies each file to a shadow folder when the program syncs it, removes
   from the shadow what is gone when the folder is synced, and kills the program at the sync that CUT_AT names: before the copy, as if the
   disk had not done it yet, or after it (CUT_AFTER). With CUT_LIE syncs are answered and do nothing. Only calls through libc are seen:
   SQLite's are, those of Go's own os.File are not. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static long syncs;

static void keep(const char *from, const char *to) {
  struct stat st;
  char tmp[12000], b[65536];
  int in, out, n;
  if (stat(from, &st) == 0 && S_ISDIR(st.st_mode)) {
    DIR *d = opendir(to);
    for (struct dirent *e; d && (e = readdir(d));) {
      char was[12000], now[12000];
      snprintf(was, sizeof was, "%s/%s", to, e->d_name);
      snprintf(now, sizeof now, "%s/%s", from, e->d_name);
      if (access(now, F_OK) != 0) unlink(was);
    }
    if (d) closedir(d);
    return;
  }
  snprintf(tmp, sizeof tmp, "%s.copying", to);
  if ((in = open(from, O_RDONLY)) < 0) return; /* deleted meanwhile */
  if ((out = open(tmp, O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0) abort();
  while ((n = read(in, b, sizeof b)) > 0)
    if (write(out, b, n) != n) abort();
  close(in);
  close(out);
  if (rename(tmp, to) != 0) abort();
}

static int synced(int fd) {
  const char *from = getenv("CUT_FROM"), *to = getenv("CUT_TO"), *at = getenv("CUT_AT");
  char link[64], path[4096], shadow[5000];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return -1;
  path[n] = 0;
  if (!from || !to || strncmp(path, from, strlen(from)) != 0) return 0;
  snprintf(shadow, sizeof shadow, "%s%s", to, path + strlen(from));
  pthread_mutex_lock(&one);
  int last = at && ++syncs >= atol(at);
  if (last && !getenv("CUT_AFTER")) kill(getpid(), SIGKILL);
  if (!getenv("CUT_LIE")) keep(path, shadow);
  if (last) kill(getpid(), SIGKILL);
  pthread_mutex_unlock(&one);
  return 0;
}

int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }
