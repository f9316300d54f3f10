#include "assets.h"

#include <stddef.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

// A file added to Sources/PythonClient/slipway gets three lines here, and a test that says so;
// `if_empty` lets an empty one end like the others.
static const struct slipway_file files[] = {
    {"__init__.py", (const char[]) {
#embed "../PythonClient/slipway/__init__.py" suffix(, 0) if_empty(0)
    }},
    {"__main__.py", (const char[]) {
#embed "../PythonClient/slipway/__main__.py" suffix(, 0) if_empty(0)
    }},
    {"background.py", (const char[]) {
#embed "../PythonClient/slipway/background.py" suffix(, 0) if_empty(0)
    }},
    {"bundle.py", (const char[]) {
#embed "../PythonClient/slipway/bundle.py" suffix(, 0) if_empty(0)
    }},
    {"cache.py", (const char[]) {
#embed "../PythonClient/slipway/cache.py" suffix(, 0) if_empty(0)
    }},
    {"cli.py", (const char[]) {
#embed "../PythonClient/slipway/cli.py" suffix(, 0) if_empty(0)
    }},
    {"client.py", (const char[]) {
#embed "../PythonClient/slipway/client.py" suffix(, 0) if_empty(0)
    }},
    {"compiler.py", (const char[]) {
#embed "../PythonClient/slipway/compiler.py" suffix(, 0) if_empty(0)
    }},
    {"errors.py", (const char[]) {
#embed "../PythonClient/slipway/errors.py" suffix(, 0) if_empty(0)
    }},
    {"extension.py", (const char[]) {
#embed "../PythonClient/slipway/extension.py" suffix(, 0) if_empty(0)
    }},
    {"finder.py", (const char[]) {
#embed "../PythonClient/slipway/finder.py" suffix(, 0) if_empty(0)
    }},
    {"follower.py", (const char[]) {
#embed "../PythonClient/slipway/follower.py" suffix(, 0) if_empty(0)
    }},
    {"imports.py", (const char[]) {
#embed "../PythonClient/slipway/imports.py" suffix(, 0) if_empty(0)
    }},
    {"limits.py", (const char[]) {
#embed "../PythonClient/slipway/limits.py" suffix(, 0) if_empty(0)
    }},
    {"links.py", (const char[]) {
#embed "../PythonClient/slipway/links.py" suffix(, 0) if_empty(0)
    }},
    {"loader.py", (const char[]) {
#embed "../PythonClient/slipway/loader.py" suffix(, 0) if_empty(0)
    }},
    {"main.py", (const char[]) {
#embed "../PythonClient/slipway/main.py" suffix(, 0) if_empty(0)
    }},
    {"manifest.py", (const char[]) {
#embed "../PythonClient/slipway/manifest.py" suffix(, 0) if_empty(0)
    }},
    {"metadata.py", (const char[]) {
#embed "../PythonClient/slipway/metadata.py" suffix(, 0) if_empty(0)
    }},
    {"modules.py", (const char[]) {
#embed "../PythonClient/slipway/modules.py" suffix(, 0) if_empty(0)
    }},
    {"namespaces.py", (const char[]) {
#embed "../PythonClient/slipway/namespaces.py" suffix(, 0) if_empty(0)
    }},
    {"node.py", (const char[]) {
#embed "../PythonClient/slipway/node.py" suffix(, 0) if_empty(0)
    }},
    {"pins.py", (const char[]) {
#embed "../PythonClient/slipway/pins.py" suffix(, 0) if_empty(0)
    }},
    {"prepare.py", (const char[]) {
#embed "../PythonClient/slipway/prepare.py" suffix(, 0) if_empty(0)
    }},
    {"problems.py", (const char[]) {
#embed "../PythonClient/slipway/problems.py" suffix(, 0) if_empty(0)
    }},
    {"release.py", (const char[]) {
#embed "../PythonClient/slipway/release.py" suffix(, 0) if_empty(0)
    }},
    {"reporter.py", (const char[]) {
#embed "../PythonClient/slipway/reporter.py" suffix(, 0) if_empty(0)
    }},
    {"resources.py", (const char[]) {
#embed "../PythonClient/slipway/resources.py" suffix(, 0) if_empty(0)
    }},
    {"settings.py", (const char[]) {
#embed "../PythonClient/slipway/settings.py" suffix(, 0) if_empty(0)
    }},
    {"sources.py", (const char[]) {
#embed "../PythonClient/slipway/sources.py" suffix(, 0) if_empty(0)
    }},
    {"space.py", (const char[]) {
#embed "../PythonClient/slipway/space.py" suffix(, 0) if_empty(0)
    }},
    {"standins.py", (const char[]) {
#embed "../PythonClient/slipway/standins.py" suffix(, 0) if_empty(0)
    }},
    {"store.py", (const char[]) {
#embed "../PythonClient/slipway/store.py" suffix(, 0) if_empty(0)
    }},
    {"switch.py", (const char[]) {
#embed "../PythonClient/slipway/switch.py" suffix(, 0) if_empty(0)
    }},
    {"tracebacks.py", (const char[]) {
#embed "../PythonClient/slipway/tracebacks.py" suffix(, 0) if_empty(0)
    }},
    {"transport.py", (const char[]) {
#embed "../PythonClient/slipway/transport.py" suffix(, 0) if_empty(0)
    }},
    {"watcher.py", (const char[]) {
#embed "../PythonClient/slipway/watcher.py" suffix(, 0) if_empty(0)
    }},
    {"wire.py", (const char[]) {
#embed "../PythonClient/slipway/wire.py" suffix(, 0) if_empty(0)
    }},
    {"wsgi.py", (const char[]) {
#embed "../PythonClient/slipway/wsgi.py" suffix(, 0) if_empty(0)
    }},
    {NULL, NULL},
};

const struct slipway_file *slipway_python_client(void) { return files; }
