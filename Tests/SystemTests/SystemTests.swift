import Testing

/// Real git, a real Docker engine, real HTTP and real kills, against the built executable.
///
/// One at a time: they are about what a machine does when it is busy with one of them.
@Suite(.serialized) enum SystemTests {}
