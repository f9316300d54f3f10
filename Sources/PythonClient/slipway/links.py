"""Follows the symbolic links of a release, so that everything behind sees only files."""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, Optional

from . import limits
from .errors import IntegrityError
from .manifest import Entry

# As on Linux; a circle of links leads nowhere, as there.
_HOPS_MAX = 40
# Links to folders in which links to folders are; deeper ones are not followed, so that a link to
# its own parent ends somewhere.
_NESTING = 2


def without_links(entries: Dict[str, Entry], blobs: Dict[str, bytes]) -> Dict[str, Entry]:
    """The entries with each link replaced by the file, or the files of the folder, it leads to.

    A link that leads nowhere is left out.
    """
    links = {path: blobs[entry.sha256] for path, entry in entries.items() if entry.is_link}
    if not links:
        return entries
    files = {path: entry for path, entry in entries.items() if not entry.is_link}
    targets = {path: data.decode("utf-8", "replace") for path, data in links.items()}
    folders = _folders([*files, *links])
    ends = {link: _real(link, targets, folders, files) for link in links}
    found = {**files, **{link: files[end] for link, end in ends.items() if end in files}}
    for _ in range(_NESTING):
        known = dict(found)
        for link, end in ends.items():
            if end in folders:
                found.update((link + path[len(end) :], known[path]) for path in _below(end, known))
            if len(found) > limits.MANIFEST_ENTRIES_MAX:
                raise IntegrityError("the links of the release lead to more than 200,000 files")
    return found


def _real(path: str, targets: Dict[str, str], folders, files) -> Optional[str]:
    """Where a path ends when every link on the way is followed; None if nowhere."""
    todo, done = path.split("/")[::-1], []
    hops = 0
    while todo:
        part = todo.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not done:
                return None
            done.pop()
            continue
        here = "/".join([*done, part])
        if here in targets:
            hops += 1
            if hops > _HOPS_MAX:
                return None
            todo.extend(targets[here].split("/")[::-1])
        elif here in files or here in folders:
            done.append(part)
        else:
            return None
    return "/".join(done) or None


def _folders(paths: Iterable[str]) -> set:
    folders = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _below(folder: str, files: Dict[str, Entry]) -> Iterator[str]:
    return (path for path in files if path.startswith(folder + "/"))
