/* SPDX-License-Identifier: Apache-2.0 */
/* Python functions: one python3 child per connection, started at the first call and kept. A request and its
 * answer are one JSON line each. The child runs isolated (-I) and sees nothing but the arguments. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/str.h"
#include "query/fn.h"
#include "query/tx.h"

#include "base/banned.h"

struct python {
  pid_t pid;
  FILE *to, *from;
};

/* Compiles each body once per text; the body is the inside of a function. */
static const char program[] =
    "import sys, json, datetime, decimal, base64\n"
    "out, sys.stdout = sys.stdout, sys.stderr\n"
    "known = {}\n"
    "def arg(kind, value):\n"
    "    if value is None: return None\n"
    "    if kind == 'm': return decimal.Decimal(value)\n"
    "    if kind == 'D': return datetime.date.fromisoformat(value)\n"
    "    if kind == 'T': return datetime.datetime.fromisoformat(value)\n"
    "    if kind == 'x': return base64.b64decode(value)\n"
    "    return value\n"
    "def result(value):\n"
    "    if isinstance(value, decimal.Decimal): return format(value, 'f')\n"
    "    if isinstance(value, datetime.datetime): return value.isoformat(' ')\n"
    "    if isinstance(value, datetime.date): return value.isoformat()\n"
    "    if isinstance(value, (bytes, bytearray)): return base64.b64encode(value).decode()\n"
    "    if isinstance(value, dict): return {str(k): result(v) for k, v in value.items()}\n"
    "    if isinstance(value, (list, tuple)): return [result(v) for v in value]\n"
    "    return value\n"
    "for line in sys.stdin:\n"
    "    r = json.loads(line)\n"
    "    try:\n"
    "        key = (r['body'], r['names'])\n"
    "        if key not in known:\n"
    "            space = {}\n"
    "            lines = r['body'].split('\\n')\n"
    "            indents = [len(l) - len(l.lstrip()) for l in lines if l.strip()]\n"
    "            cut = min(indents[1:], default=0) if indents and indents[0] < min(indents[1:], default=0) "
    "and not "
    "lines[0][:1].isspace() and not lines[0].rstrip().endswith(':') else min(indents, default=0)\n"
    "            text = 'def clxs_udf(' + r['names'] + '):\\n' + '\\n'.join('  ' + (l[cut:] if "
    "l[:cut].strip() == '' else l) for l in lines)\n"
    "            exec(compile(text, r['name'], 'exec'), space)\n"
    "            known[key] = space['clxs_udf']\n"
    "        value = result(known[key](*[arg(k, v) for k, v in zip(r['kinds'], r['args'])]))\n"
    "        answer = {'value': value}\n"
    "    except BaseException as e:\n"
    "        answer = {'error': type(e).__name__ + ': ' + str(e)}\n"
    "    out.write(json.dumps(answer, allow_nan=False, default=str) + '\\n')\n"
    "    out.flush()\n";

static void
stop(struct python *python)
{
  if (python->to) fclose(python->to);
  if (python->from) fclose(python->from);
  if (python->pid > 0) {
    kill(python->pid, SIGKILL);
    while (waitpid(python->pid, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  *python = (struct python){0};
}

static void
forget(void *data)
{
  stop(data);
  free(data);
}

static bool
start(struct python *python)
{
  int in[2] = {-1, -1}, out[2] = {-1, -1};
  char name[] = "python3", isolated[] = "-I", command[] = "-c";
  char *arguments[] = {name, isolated, command, (char *)(uintptr_t)program, NULL};
  char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", *environment[] = {path, NULL};
  posix_spawn_file_actions_t actions;
  bool good;

  if (pipe2(in, O_CLOEXEC) != 0) return false;
  if (pipe2(out, O_CLOEXEC) != 0) {
    close(in[0]);
    close(in[1]);
    return false;
  }
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  good = posix_spawnp(&python->pid, name, &actions, NULL, arguments, environment) == 0;
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  python->to = fdopen(in[1], "w");
  python->from = fdopen(out[0], "r");
  if (!good) {
    python->pid = 0;
    stop(python);
  }
  return good;
}

/* A line without SIGPIPE reaching the process when the child is gone. */
static bool
send_line(struct python *python, const struct buf *line)
{
  sigset_t pipe, before;
  bool good;

  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  good = fwrite(line->data, 1, line->len, python->to) == line->len && fflush(python->to) == 0;
  if (!good) {
    struct timespec none = {0, 0};

    sigtimedwait(&pipe, NULL, &none);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return good;
}

/* x_python(body, names, kinds, type, name, args...) as a request. */
static void
add_request(struct buf *line, int count, sqlite3_value **args)
{
  const char *kinds = fn_text(args[2]);

  buf_add_text(line, "{\"body\":");
  buf_add_json(line, fn_text(args[0]));
  buf_add_text(line, ",\"names\":");
  buf_add_json(line, fn_text(args[1]));
  buf_add_text(line, ",\"kinds\":");
  buf_add_json(line, kinds);
  buf_add_text(line, ",\"name\":");
  buf_add_json(line, fn_text(args[4]));
  buf_add_text(line, ",\"args\":[");
  for (int i = 5; i < count; i++) {
    char kind = kinds[i - 5];

    if (i > 5) buf_add_char(line, ',');
    fn_add_json(line, kind == 'D' || kind == 'T' || kind == 'm' ? 's' : kind, args[i]);
  }
  buf_add_text(line, "]}\n");
}

static void
return_answer(sqlite3_context *context, const char *text, size_t length, sqlite3_value **args)
{
  struct raw whole = raw_of(text, length), value;
  CLEANUP_BUF struct buf message = BUF_INIT(BUF_LARGE);
  const struct sql_type *type = fn_type(context, args, 3);

  if (!type) return;
  if (raw_member(whole, "error", 5, &value)) {
    raw_add_text(&message, value);
    fn_fail(context, "UDF_USER_CODE_ERROR.GENERIC", "39000", "Execution of function %s failed.\n%s",
            fn_text(args[4]), message.data);
    return;
  }
  if (!raw_member(whole, "value", 5, &value) || raw_is_null(value)) return;
  if (type_is_nested(type)) {
    sqlite3_result_text64(context, value.at, value.length, SQLITE_TRANSIENT, SQLITE_UTF8);
    return;
  }
  if (type_is_text(type) && *value.at != '"' && (*value.at == 't' || *value.at == 'f')) {
    fn_return_text(context, *value.at == 't' ? "True" : "False");
    return;
  }
  fn_return_raw(context, value, tx_letter(type));
}

static void
fn_python(sqlite3_context *context, int count, sqlite3_value **args)
{
  struct python *python = sqlite3_user_data(context);
  CLEANUP_BUF struct buf line = BUF_INIT(BUF_LARGE);
  CLEANUP_FREE char *answer = NULL;
  size_t size = 0;
  ssize_t length = -1;

  add_request(&line, count, args);
  if (python->pid == 0 && !start(python)) {
    fn_fail(context, "UDF_ENVIRONMENT_ERROR.PYTHON3_MISSING", "39000",
            "Failed to run the Python function %s: python3 cannot be started. Install python3 to use Python "
            "functions in "
            "the sandbox.",
            fn_text(args[4]));
    return;
  }
  if (send_line(python, &line)) length = getline(&answer, &size, python->from);
  if (length <= 0) {
    stop(python);
    fn_fail(context, "UDF_ENVIRONMENT_ERROR.PYTHON3_STOPPED", "39000",
            "Failed to run the Python function %s: python3 cannot be started or stopped. Install python3 to "
            "use Python "
            "functions in the sandbox.",
            fn_text(args[4]));
    return;
  }
  return_answer(context, answer, (size_t)length, args);
}

bool
fns_python(sqlite3 *db)
{
  struct python *python = xcalloc(1, sizeof *python);

  return sqlite3_create_function_v2(db, "x_python", -1, SQLITE_UTF8 | SQLITE_INNOCUOUS, python, fn_python,
                                    NULL, NULL, forget) == SQLITE_OK;
}
