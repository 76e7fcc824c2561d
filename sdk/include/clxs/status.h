/* SPDX-License-Identifier: Apache-2.0 */
/* One result type for everything that can fail. 0 is done, 1 is "done, and the two sides differ", negatives
 * are errors; the detail (object, cause, next step) stays with the call. Numbers are frozen; new ones are
 * added below. */
#ifndef CLXS_STATUS_H
#define CLXS_STATUS_H

#include <stdint.h>

typedef int32_t clxs_status;

#define CLXS_OK 0
#define CLXS_DIFFERENT 1

#define CLXS_E_INTERNAL (-1)  /* our own mistake; please report */
#define CLXS_E_USAGE (-2)     /* the command line asks for something impossible */
#define CLXS_E_CONFIG (-3)    /* a configuration file, profile, environment variable or plugin is wrong */
#define CLXS_E_AUTH (-4)      /* not authenticated (401, no credentials, refresh failed) */
#define CLXS_E_DENIED (-5)    /* authenticated, but a privilege is missing (403, INSUFFICIENT_PERMISSIONS) */
#define CLXS_E_NOT_FOUND (-6) /* the named object does not exist or cannot be seen */
#define CLXS_E_EXISTS (-7)    /* the named object exists already */
#define CLXS_E_INVALID (-8)   /* the service refused the request's content (400, SQL error) */
#define CLXS_E_CONFLICT (-9)  /* a concurrent change got in between (409, 2D521) */
#define CLXS_E_UNSUPPORTED (-10) /* this server, runtime or kind of object cannot do it */
#define CLXS_E_LIMIT (-11)       /* rate or quota limit, after all retries */
#define CLXS_E_UNAVAILABLE (-12) /* network or service failure, after all retries */
#define CLXS_E_TIMEOUT (-13)     /* the deadline passed */
#define CLXS_E_CANCELLED (-14)   /* SIGINT, SIGTERM or the caller */
#define CLXS_E_PARTIAL (-15)     /* the command ran to its end, some objects failed or were blocked */
#define CLXS_E_LOST (-16)        /* the reply was lost: the change may or may not have happened */
#define CLXS_E_IO (-17)          /* a local file or directory */
#define CLXS_E_DATA (-18)        /* an answer or file that cannot be understood */
#define CLXS_E_ABI (-19)         /* a plugin that this host cannot load */

/* Exit code of a command that ends with STATUS: 0 done, 1 differences, 2 usage, 3 configuration or plugin, 4
 * authentication or permission, 5 done with failures, 6 service, network or local system, 130 cancelled. */
static inline int
clxs_exit_code(clxs_status status)
{
  switch (status) {
  case CLXS_OK: return 0;
  case CLXS_DIFFERENT: return 1;
  case CLXS_E_USAGE: return 2;
  case CLXS_E_CONFIG:
  case CLXS_E_ABI: return 3;
  case CLXS_E_AUTH:
  case CLXS_E_DENIED: return 4;
  case CLXS_E_PARTIAL: return 5;
  case CLXS_E_CANCELLED: return 130;
  default: return 6;
  }
}

#endif
