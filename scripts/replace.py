"""Replaces files and folders together: all of them or none.

The new state is copied beside the old one first; then only renames happen. A
marker says that renames are under way, so that a run that was killed in the
middle is undone by recover().
"""

import os
import shutil
import signal
from pathlib import Path

SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def _beside(target, suffix):
    return target.with_name(f".{target.name}.{suffix}")


def _remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()


def _copy(source, target):
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _roll_back(targets):
    for target in targets:
        old = _beside(target, "old")
        if old.exists():
            _remove(target)
            os.rename(old, target)
        elif not _beside(target, "new").exists():
            _remove(target)  # it did not exist before


def recover(targets):
    """Undoes a replacement that was cut off; says whether there was one."""
    targets = [Path(target) for target in targets]
    marker = _beside(targets[0], "replacing")
    interrupted = marker.exists()
    if interrupted:
        _roll_back(targets)
        marker.unlink()
    for target in targets:
        for suffix in ("new", "old"):
            _remove(_beside(target, suffix))
    return interrupted


def replace_all(pairs):
    """Puts each (new, target) in place; on any failure every target is as it was."""
    pairs = [(Path(new), Path(target)) for new, target in pairs]
    targets = [target for _, target in pairs]
    recover(targets)
    marker = _beside(targets[0], "replacing")
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        for new, target in pairs:
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(new, _beside(target, "new"))
        marker.touch()
        try:
            for target in targets:
                if target.exists():
                    os.rename(target, _beside(target, "old"))
                os.rename(_beside(target, "new"), target)
        except OSError:
            _roll_back(targets)
            raise
        finally:
            marker.unlink()
    finally:
        for target in targets:
            for suffix in ("new", "old"):
                _remove(_beside(target, suffix))
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
