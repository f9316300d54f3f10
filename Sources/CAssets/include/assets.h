#pragma once

/// A file of this repository that travels inside the binary.
///
/// All of them are text, so that a NUL byte can mark the end.
struct slipway_file {
    const char *name;
    const char *text;
};

/// What pages are made of: templates, stylesheet, script, icon. Ends with a nameless one.
const struct slipway_file *slipway_assets(void);

/// The Python package that nodes import, by its path inside the package. Ends with a nameless one.
const struct slipway_file *slipway_python_client(void);
