#include "assets.h"

#include <stddef.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

// A file added to Sources/PythonClient/slipway gets three lines here; `if_empty` lets a file
// such as an empty `__init__.py` end like the others:
//
//     {"pointer.py", (const char[]) {
// #embed "../PythonClient/slipway/pointer.py" suffix(, 0) if_empty(0)
//     }},
static const struct slipway_file files[] = {
    {NULL, NULL},
};

const struct slipway_file *slipway_python_client(void) { return files; }
