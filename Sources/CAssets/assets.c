#include "assets.h"

#include <stddef.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

// A file added to Sources/Site/Assets gets three lines here.
static const struct slipway_file assets[] = {
    {"build.mustache", (const char[]) {
#embed "../Site/Assets/build.mustache" suffix(, 0)
    }},
    {"empty.mustache", (const char[]) {
#embed "../Site/Assets/empty.mustache" suffix(, 0)
    }},
    {"error.mustache", (const char[]) {
#embed "../Site/Assets/error.mustache" suffix(, 0)
    }},
    {"favicon.svg", (const char[]) {
#embed "../Site/Assets/favicon.svg" suffix(, 0)
    }},
    {"home.mustache", (const char[]) {
#embed "../Site/Assets/home.mustache" suffix(, 0)
    }},
    {"layout.mustache", (const char[]) {
#embed "../Site/Assets/layout.mustache" suffix(, 0)
    }},
    {"log.mustache", (const char[]) {
#embed "../Site/Assets/log.mustache" suffix(, 0)
    }},
    {"login.mustache", (const char[]) {
#embed "../Site/Assets/login.mustache" suffix(, 0)
    }},
    {"queue.mustache", (const char[]) {
#embed "../Site/Assets/queue.mustache" suffix(, 0)
    }},
    {"repository.mustache", (const char[]) {
#embed "../Site/Assets/repository.mustache" suffix(, 0)
    }},
    {"script.js", (const char[]) {
#embed "../Site/Assets/script.js" suffix(, 0)
    }},
    {"sprite.mustache", (const char[]) {
#embed "../Site/Assets/sprite.mustache" suffix(, 0)
    }},
    {"style.css", (const char[]) {
#embed "../Site/Assets/style.css" suffix(, 0)
    }},
    {"unit.mustache", (const char[]) {
#embed "../Site/Assets/unit.mustache" suffix(, 0)
    }},
    {"workers.mustache", (const char[]) {
#embed "../Site/Assets/workers.mustache" suffix(, 0)
    }},
    {NULL, NULL},
};

const struct slipway_file *slipway_assets(void) { return assets; }
